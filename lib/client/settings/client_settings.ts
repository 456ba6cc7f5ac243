import type { ConflictRules } from "../../metadata/mod.ts";

/** All that can be set for a client, as it holds after options, environment, file and defaults. */
export interface ClientSettings {
  /** Address of the server. */
  readonly remote: string | undefined;
  /** Name of the space; `undefined` stands for the one that is there from the start. */
  readonly space: string | undefined;
  /** Path of a certificate to trust beside those of the system. */
  readonly caCert: string | undefined;
  /** Patterns of gitignore for what to leave out, from the weakest to the strongest. */
  readonly ignore: readonly string[];
  /** What to do about conflicts. */
  readonly conflicts: ConflictRules;
  /** Whether symbolic links are synchronized, or left alone on either side. */
  readonly symlinks: "keep" | "skip";
  /** So many files may be deleted without a word. */
  readonly deletesMax: number;
  /** Beyond that, at most this share of all files, from 0 to 1, may be deleted without a word. */
  readonly deletesShare: number;
  /** At most this share of all files, from 0 to 1, may change in one run without a word; any unless given. */
  readonly changesShare: number | undefined;
  /** Bytes a second to send at most; as many as go unless given. */
  readonly limitUp: number | undefined;
  /** Bytes a second to receive at most; as many as go unless given. */
  readonly limitDown: number | undefined;
  /** Requests on their way at once. */
  readonly transfers: number;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** How long the server may take to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a folder must be quiet before a watching client looks at it, in milliseconds. */
  readonly settleMs: number;
  /** How often a watching client walks the whole folder, in milliseconds; never unless given. */
  readonly rescanMs: number | undefined;
  /** How often a watching client reads all content anew, in milliseconds; never unless given. */
  readonly verifyEveryMs: number | undefined;
}
