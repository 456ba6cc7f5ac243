import type { Hash } from "../../core/mod.ts";
import type { EventMap } from "../../events/mod.ts";
import type { MetadataStore } from "../../metadata/mod.ts";

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
}

/** What a client tells of a push or a pull beside the revision: it cannot be checked. */
export type SyncFigures = Omit<EventMap["sync.completed"], "space" | "session" | "client" | "path" | "revision">;

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
