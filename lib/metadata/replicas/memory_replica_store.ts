import { mostRecent } from "../sessions/memory_session_store.ts";
import type { RecentQuery } from "../sessions/mod.ts";
import {
  type FailedReport,
  type ReachedReport,
  type ReplicaKey,
  type ReplicaRecord,
  replicasMax,
  type ReplicaStore,
  type RunRecord,
} from "./replica_store.ts";

/** A {@linkcode ReplicaStore} in memory. */
export class MemoryReplicaStore implements ReplicaStore {
  /** In the order they were heard of. */
  readonly #records = new Map<string, ReplicaRecord>();
  /** Likewise. */
  readonly #runs = new Map<string, RunRecord>();

  /** Remembers that a replica was equal to its space. */
  reached({ space, client, revision, atMs }: ReachedReport): Promise<void> {
    return this.#put({ space, client, revision, syncedAtMs: atMs, seenAtMs: atMs, lastError: undefined });
  }

  /** Remembers what went wrong with a replica. */
  failed({ space, client, error, atMs }: FailedReport): Promise<void> {
    const { revision, syncedAtMs } = this.#records.get(keyOf({ space, client })) ?? {};
    return this.#put({ space, client, revision, syncedAtMs, seenAtMs: atMs, lastError: error });
  }

  /** All replicas. */
  replicas(): Promise<ReplicaRecord[]> {
    return Promise.resolve([...this.#records.values()]);
  }

  /** Remembers where a run stands. */
  ran(run: RunRecord): Promise<void> {
    return Promise.resolve(putLast(this.#runs, run));
  }

  /** The run of an id. */
  run(id: string): Promise<RunRecord | undefined> {
    return Promise.resolve(this.#runs.values().find((run) => run.id === id));
  }

  /** The last runs of replicas. */
  runs(query: RecentQuery): Promise<RunRecord[]> {
    return Promise.resolve(mostRecent(this.#runs.values(), query));
  }

  /** Has nothing to close. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #put(record: ReplicaRecord): Promise<void> {
    return Promise.resolve(putLast(this.#records, record));
  }
}

/** Puts what is known of a replica at the end; what was put longest ago goes if there is too much. */
function putLast<R extends ReplicaKey>(records: Map<string, R>, record: R): void {
  const key = keyOf(record);
  records.delete(key);
  records.set(key, record);
  for (const oldest of records.keys()) {
    if (records.size <= replicasMax) break;
    records.delete(oldest);
  }
}

function keyOf({ space, client }: ReplicaKey): string {
  return JSON.stringify([space, client]);
}
