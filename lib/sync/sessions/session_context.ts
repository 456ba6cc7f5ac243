import type { Clock } from "../../core/mod.ts";
import type { EventBus } from "../../events/mod.ts";
import type { MetadataStore } from "../../metadata/mod.ts";
import type { ReplicaStore } from "../../metadata/replicas/mod.ts";
import type { SessionStore } from "../../metadata/sessions/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import type { MetadataService, SyncService } from "../service/mod.ts";

/** What sessions are run with. */
export interface SessionContext {
  /** Keeps clients, sessions and what arrived of uploads. */
  readonly sessions: SessionStore;
  /** Knows the runs of clients that carry whole folders; they are no sessions here unless given. */
  readonly replicas?: ReplicaStore;
  /** Commits, and gives contents out. */
  readonly service: SyncService;
  /** Tells the hashes of committed contents. */
  readonly metadata: MetadataService;
  /** The trees of all spaces. */
  readonly trees: MetadataStore;
  /** Keeps the pieces of uploads. */
  readonly chunks: ChunkStore;
  /** Tells when things happen. */
  readonly clock: Clock;
  /** Where everything is announced. */
  readonly events: EventBus;
  /** Makes a text that nobody can guess and nobody else was given. */
  readonly newId: () => string;
}
