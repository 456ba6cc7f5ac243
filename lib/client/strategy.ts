import type { Hash } from "../core/mod.ts";
import type { Manifest, SpaceHead } from "../metadata/mod.ts";
import type { IgnoreRules, LocalNode, Scan, Tree } from "../sync/mod.ts";
import type { TransferOptions } from "./options.ts";
import type { Plan, Sides } from "./plan.ts";
import type { LocalRead } from "./folder/mod.ts";
import type { Remote, RemoteState } from "./remote/mod.ts";
import type { ProgressListener } from "./report.ts";
import type { Workspace } from "./workspace/mod.ts";

/** Which way a run carries changes. */
export type Direction = "push" | "pull" | "sync";

/** How a run carries changes: what differs between a push, a pull and a two-way run. */
export interface Strategy {
  readonly direction: Direction;
  /** Whether what is read in the folder goes to the server, and a space that is missing is made. */
  readonly uploads: boolean;
  /**
   * Looks at both sides before anything is read for sending, and again whenever the server changed meanwhile.
   *
   * @param run What the folder's files can be read with.
   * @throws {Failure} kind `refused` if the run must not go on.
   */
  readonly check?: (sides: Omit<Sides, "folder">, run: RunContext) => Promise<void>;
  /**
   * Says what to change.
   *
   * @throws {Failure} kind `refused` if the run must not go on.
   */
  readonly plan: (sides: Sides, run: RunContext & { readonly read: LocalRead }) => Plan | Promise<Plan>;
}

/** What one run works with. */
export interface RunContext {
  /** The folder, and what is remembered of it. */
  readonly workspace: Workspace;
  /** The space on the server. */
  readonly remote: Remote;
  /** What the user asked for. */
  readonly options: TransferOptions;
  /** Who is told how far the run is. */
  readonly progress: ProgressListener;
  /** The folder as it was when it was last looked at. */
  readonly before: Tree<LocalNode>;
  /** What is left out. */
  readonly ignore: IgnoreRules;
  /** What a walk over the folder found. */
  readonly scan: Scan;
  /** Where the space stands, as the server told when it was asked. */
  readonly head: SpaceHead;
  /** What the server holds. */
  readonly state: RemoteState;
  /** The chunk list of a content that either side has or had. */
  readonly manifest: (content: Hash) => Manifest | undefined;
}
