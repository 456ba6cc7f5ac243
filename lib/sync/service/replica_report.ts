import type { FailureKind, Hash } from "../../core/mod.ts";
import type { EventMap } from "../../events/mod.ts";
import type { MetadataStore } from "../../metadata/mod.ts";
import type { RunReport } from "./run_report.ts";

/** What a client says of its copy of a space after it was brought into step with the server. */
export interface ReplicaReport {
  /** Id of the client. */
  readonly client: string;
  /** The revision at which it found both sides equal. */
  readonly revision: number;
  /** The Merkle hash of its whole tree. */
  readonly root: Hash;
  /** How long it took and what was carried, as the client counted. */
  readonly figures: SyncFigures;
  /** The run that did it, if it is told. */
  readonly run?: RunReport | undefined;
}

/** What a client tells of a push or a pull beside the revision: it cannot be checked. */
export type SyncFigures = Omit<EventMap["sync.completed"], "space" | "session" | "client" | "path" | "revision">;

/** What a client says went wrong with its copy of a space. */
export interface ReplicaFailure {
  /** Id of the client. */
  readonly client: string;
  /** What kind of trouble it is. */
  readonly kind: FailureKind;
  /** What went wrong: one sentence. */
  readonly message: string;
  /** The run in which it did, if it is told. */
  readonly run?: RunReport | undefined;
}

/** What a client says of a run of which there is no more to say. */
export interface ReplicaRun {
  /** Id of the client. */
  readonly client: string;
  /** The run. */
  readonly run: RunReport;
}

/** Says whether a space had this root at this revision: only a tree that is equal has it. */
export async function hadRoot(
  metadata: MetadataStore,
  space: string,
  claim: { readonly revision: number; readonly root: Hash },
): Promise<boolean> {
  const head = await metadata.head(space);
  if (head === undefined || claim.revision > head.revision) return false;
  if (claim.revision === head.revision) return claim.root === head.root;
  const [found] = await metadata.revisions(space, { before: claim.revision + 1, limit: 1 });
  return found?.revision === claim.revision && found.root === claim.root;
}
