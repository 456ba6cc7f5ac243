import type { EventBus } from "../events/mod.ts";
import { type MetadataStore, openSqliteStore } from "../metadata/mod.ts";
import { type MetadataRepository, openSqliteRepository } from "../metadata/repository/mod.ts";
import { openSqliteReplicaStore, type ReplicaStore } from "../metadata/replicas/mod.ts";
import { openSqliteSessionStore, type SessionStore } from "../metadata/sessions/mod.ts";
import { type ChunkStore, openPackStore } from "../storage/mod.ts";

/** Where a server keeps everything. */
export interface Stores extends AsyncDisposable {
  readonly metadata: MetadataStore;
  readonly chunks: ChunkStore;
  /** What is known of the paths of the spaces in `metadata`. */
  readonly repository: MetadataRepository;
  /** Clients, their sessions, and what arrived of files that are not committed yet. */
  readonly sessions: SessionStore;
  /** What clients told of their copies. */
  readonly replicas: ReplicaStore;
}

/** The space that exists from the start. */
const defaultSpace = "default";

/**
 * Opens the stores in a data folder, and creates what is not there yet.
 *
 * @throws {Failure} if they cannot be opened.
 */
export async function openStores(dataFolder: string, events: EventBus): Promise<Stores> {
  await using stack = new AsyncDisposableStack();
  const chunks = stack.use(await openPackStore(`${dataFolder}/chunks`, { events }));
  const metadata = stack.use(openSqliteStore(`${dataFolder}/metadata.sqlite`));
  await metadata.createSpace(defaultSpace);
  const repository = stack.use(openSqliteRepository(`${dataFolder}/metadata.sqlite`));
  const sessions = stack.use(openSqliteSessionStore(`${dataFolder}/metadata.sqlite`));
  const replicas = stack.use(openSqliteReplicaStore(`${dataFolder}/metadata.sqlite`));
  const resources = stack.move();
  return { metadata, chunks, repository, sessions, replicas, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
