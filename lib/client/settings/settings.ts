import { deletesFreeMax, deletesShareMax } from "../../sync/mod.ts";
import type { ClientSettings } from "./client_settings.ts";
import { conflictsKind, patternsKind } from "./list_kinds.ts";
import {
  choiceKind,
  countKind,
  durationKind,
  maybe,
  orOff,
  rateKind,
  type SettingKind,
  shareKind,
  textKind,
} from "./setting_kind.ts";

/** One thing that can be set. */
export interface Setting<T> {
  /** Its key in `.dfs/config.yaml`; the names of its option and of its environment variable follow from it. */
  readonly key: string;
  /** How its value is read and written. */
  readonly kind: SettingKind<T>;
  /** What holds unless something is said. */
  readonly default: T;
  /** What it means, in a line. */
  readonly help: string;
  /** Whether it is a path, which in a file is relative to the folder the file belongs to. */
  readonly isPath?: boolean;
}

/** What is wrong with a setting. */
export interface SettingProblem {
  /** One sentence that names the place, the value, and what is expected. */
  readonly message: string;
  /** What to do next, where that is known. */
  readonly hint?: string;
}

const address = textKind("URL", "the address of a server such as http://HOST:PORT");
const file = textKind("FILE", "the path of a file");
const name = textKind("NAME", "the name of a space (in quotes if it is a number)");

/** Everything that can be set, in the order in which it is listed. */
export const settings: { readonly [Name in keyof ClientSettings]: Setting<ClientSettings[Name]> } = {
  remote: {
    key: "remote",
    kind: maybe(address),
    default: undefined,
    help: "Address of the server; remembered in DIR/.dfs after the first use",
  },
  space: {
    key: "space",
    kind: maybe(name),
    default: undefined,
    help: "Space on the server; remembered likewise (default)",
  },
  caCert: {
    key: "ca_cert",
    kind: maybe(file),
    default: undefined,
    help: "Trust this certificate, PEM: the server's own, or that of who vouches for it",
    isPath: true,
  },
  ignore: {
    key: "ignore",
    kind: patternsKind,
    default: [],
    help: "Leave out what matches this pattern, as in a .dfsignore",
  },
  conflicts: {
    key: "conflicts",
    kind: conflictsKind,
    default: { rules: [] },
    help: "What to do where both sides changed: last-write-wins, keep-both, merge or manual",
  },
  symlinks: {
    key: "symlinks",
    kind: choiceKind(["keep", "skip"]),
    default: "keep",
    help: "Synchronize symbolic links, or leave them alone on either side",
  },
  deletesMax: {
    key: "deletes_max",
    kind: countKind({ min: 0, max: 1e12 }),
    default: deletesFreeMax,
    help: "So many files may be deleted without a word",
  },
  deletesShare: {
    key: "deletes_share",
    kind: shareKind,
    default: deletesShareMax,
    help: "Beyond that, this share of all files may be deleted without a word",
  },
  changesShare: {
    key: "changes_share",
    kind: orOff(shareKind),
    default: undefined,
    help: "At most this share of all files may change in one run without a word",
  },
  limitUp: { key: "limit_up", kind: orOff(rateKind), default: undefined, help: "Send at most so many bytes a second" },
  limitDown: {
    key: "limit_down",
    kind: orOff(rateKind),
    default: undefined,
    help: "Receive at most so many bytes a second",
  },
  transfers: {
    key: "transfers",
    kind: countKind({ min: 1, max: 32 }),
    default: 3,
    help: "Requests with content on their way at once",
  },
  retries: {
    key: "retries",
    kind: countKind({ min: 0, max: 100 }),
    default: 4,
    help: "Repeat a request that failed up to so many times",
  },
  timeoutMs: {
    key: "timeout",
    kind: durationKind(1000),
    default: 60_000,
    help: "How long the server may take to answer",
  },
  settleMs: {
    key: "settle",
    kind: durationKind(0),
    default: 500,
    help: "Watching: how long the folder must be quiet before it is looked at",
  },
  rescanMs: {
    key: "rescan",
    kind: orOff(durationKind(1000)),
    default: 600_000,
    help: "Watching: how often the whole folder is walked, whatever was seen",
  },
  verifyEveryMs: {
    key: "verify_every",
    kind: orOff(durationKind(60_000)),
    default: undefined,
    help: "Watching: how often all content is read anew",
  },
};

/** The name of the option that sets a key, without dashes. */
export function optionName(key: string): string {
  return key.replaceAll("_", "-");
}

/** The name of the environment variable that sets a key. */
export function environmentName(key: string): string {
  return `DFS_${key.toUpperCase()}`;
}
