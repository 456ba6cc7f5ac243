import {
  type FailedReport,
  type ReachedReport,
  type ReplicaKey,
  type ReplicaRecord,
  replicasMax,
  type ReplicaStore,
} from "./replica_store.ts";

/** A {@linkcode ReplicaStore} in memory. */
export class MemoryReplicaStore implements ReplicaStore {
  /** In the order they were heard of. */
  readonly #records = new Map<string, ReplicaRecord>();

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

  /** Has nothing to close. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #put(record: ReplicaRecord): Promise<void> {
    const key = keyOf(record);
    this.#records.delete(key);
    this.#records.set(key, record);
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= replicasMax) break;
      this.#records.delete(oldest);
    }
    return Promise.resolve();
  }
}

function keyOf({ space, client }: ReplicaKey): string {
  return JSON.stringify([space, client]);
}
