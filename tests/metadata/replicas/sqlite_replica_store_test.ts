import { assertEquals } from "@std/assert";
import { openSqliteReplicaStore, type ReplicaStore } from "../../../lib/metadata/replicas/mod.ts";
import { openSqliteStore } from "../../../lib/metadata/mod.ts";
import { replicaStoreContract } from "../../contracts/replica_store_contract.ts";

async function openTemporary(): Promise<ReplicaStore> {
  const folder = await Deno.makeTempDir({ prefix: "dfs-replicas-" });
  const store = openSqliteReplicaStore(`${folder}/metadata.sqlite`);
  return {
    reached: (report) => store.reached(report),
    failed: (report) => store.failed(report),
    replicas: () => store.replicas(),
    ran: (run) => store.ran(run),
    run: (id) => store.run(id),
    runs: (query) => store.runs(query),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

replicaStoreContract("SqliteReplicaStore", openTemporary);

Deno.test("openSqliteReplicaStore() finds what was told before, beside a metadata store that is open", async () => {
  const folder = await Deno.makeTempDir({ prefix: "dfs-replicas-" });
  const path = `${folder}/metadata.sqlite`;
  {
    await using _metadata = openSqliteStore(path);
    await using store = openSqliteReplicaStore(path);
    await store.reached({ space: "a", client: "laptop", revision: 7, atMs: 1 });
  }
  {
    await using store = openSqliteReplicaStore(path);
    assertEquals((await store.replicas()).map(({ client, revision }) => [client, revision]), [["laptop", 7]]);
  }
  await Deno.remove(folder, { recursive: true });
});
