import type { SafePath } from "../../lib/core/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import { type MemoryFiles, walkFiles } from "./memory_files.ts";
import type { ProcessFate } from "./process.ts";
import { failed } from "./simulated_folder.ts";

/** What is to happen during a run, drawn before it. */
export interface Incidents {
  /** The step before which the program ends. */
  readonly crashAt: number;
  /** The step at which the user does something. */
  readonly userAt: number;
  /** The turn at which another machine runs. */
  readonly otherAt: number;
  /** What cannot be looked at, and how that shows. */
  readonly unreadable: { readonly path: SafePath; readonly call: string; readonly cause: () => Error } | undefined;
  /** The step from which on the disk is full. */
  readonly fullAt: number;
  /** The share of requests that something happens to. */
  readonly networkFaults: number;
  /** The call of a store before which the server goes down. */
  readonly serverCrashAt: number;
  /** The call of a store from which on the server's disk is full. */
  readonly serverFullAt: number;
  /** The request at which the server begins to collect garbage. */
  readonly collectAt: number;
  /** The commit at which it does, once the server began to deal with that. */
  readonly collectAtCommit: number;
}

/** Nothing happens. */
export const noIncidents: Incidents = {
  crashAt: Infinity,
  userAt: Infinity,
  otherAt: Infinity,
  unreadable: undefined,
  fullAt: Infinity,
  networkFaults: 0,
  serverCrashAt: Infinity,
  serverFullAt: Infinity,
  collectAt: Infinity,
  collectAtCommit: Infinity,
};

/**
 * What a program finds of the disk's faults.
 *
 * @param disturb Called when something could not be looked at.
 */
export function diskFaults(
  { unreadable, fullAt }: Incidents,
  disturb: () => void,
): Pick<ProcessFate, "readFault" | "writeFault"> {
  return {
    readFault: (call, path) => {
      const hit = unreadable !== undefined && call === unreadable.call && path === unreadable.path;
      if (hit) disturb();
      return hit ? unreadable.cause() : undefined;
    },
    writeFault: (step) => {
      if (step < fullAt) return undefined;
      return Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    },
  };
}

/** Draws what is to happen during a run. Most runs are calm in most respects. */
export function drawIncidents(random: SeededRandom, files: MemoryFiles): Incidents {
  const now = (share: number, steps: number): number => {
    return random.next() < share ? 1 + random.below(random.pick([steps / 8, steps])) : Infinity;
  };
  return {
    crashAt: now(0.25, 240),
    userAt: now(0.35, 120),
    otherAt: now(0.2, 16),
    unreadable: random.next() < 0.12 ? drawUnreadable(random, files) : undefined,
    fullAt: now(0.05, 120),
    networkFaults: random.next() < 0.3 ? 0.15 : 0,
    serverCrashAt: now(0.15, 40),
    serverFullAt: now(0.05, 40),
    collectAt: now(0.15, 24),
    collectAtCommit: random.next() < 0.25 ? 1 : Infinity,
  };
}

function drawUnreadable(random: SeededRandom, files: MemoryFiles): Incidents["unreadable"] {
  const paths = [...walkFiles(files.root)].map(([path]) => path);
  if (paths.length === 0) return undefined;
  return {
    path: random.pick(paths),
    call: random.pick(["readDirectory", "stat", "open", "read"]),
    cause: random.pick([
      () => new Deno.errors.PermissionDenied("Permission denied (os error 13)"),
      () => new Deno.errors.NotFound("No such file or directory (os error 2)"),
      () => failed("EIO", "Input/output error (os error 5)"),
    ]),
  };
}
