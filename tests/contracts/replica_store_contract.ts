import { assertEquals } from "@std/assert";
import { replicasMax, type ReplicaStore, type RunRecord } from "../../lib/metadata/replicas/mod.ts";

const run: RunRecord = {
  id: "run-1",
  space: "a",
  client: "laptop",
  direction: "push",
  startedAtMs: 5,
  activeAtMs: 10,
  state: "TransferringFiles",
  data: '{"uploads":3,"downloads":0}',
  filesSynced: 1,
  bytesTransferred: 2 ** 40,
  lastError: undefined,
};

/** What every `ReplicaStore` does. @param open Makes an empty one. */
export function replicaStoreContract(name: string, open: () => Promise<ReplicaStore>): void {
  Deno.test(`${name} keeps the last revision a replica reached, and what went wrong since`, async () => {
    await using store = await open();
    const [laptop, desk] = [{ space: "a", client: "laptop" }, { space: "a", client: "desk" }];
    await store.failed({ ...laptop, error: "The disk is full", atMs: 5 });
    await store.reached({ ...desk, revision: 3, atMs: 10 });
    assertEquals(await store.replicas(), [
      { ...laptop, revision: undefined, syncedAtMs: undefined, seenAtMs: 5, lastError: "The disk is full" },
      { ...desk, revision: 3, syncedAtMs: 10, seenAtMs: 10, lastError: undefined },
    ]);
    await store.reached({ ...laptop, revision: 4, atMs: 20 });
    await store.failed({ ...desk, error: "No answer", atMs: 30 });
    await store.reached({ ...laptop, space: "b", revision: 1, atMs: 40 });
    assertEquals(await store.replicas(), [
      { ...laptop, revision: 4, syncedAtMs: 20, seenAtMs: 20, lastError: undefined },
      { ...desk, revision: 3, syncedAtMs: 10, seenAtMs: 30, lastError: "No answer" },
      { ...laptop, space: "b", revision: 1, syncedAtMs: 40, seenAtMs: 40, lastError: undefined },
    ]);
  });

  Deno.test(`${name} keeps the last run of each replica`, async () => {
    await using store = await open();
    assertEquals([await store.run("run-1"), await store.runs({ sinceMs: 0, limit: 9 })], [undefined, []]);
    await store.ran(run);
    assertEquals(await store.run("run-1"), run);
    const failed: RunRecord = { ...run, activeAtMs: 20, state: "Failed", data: "{}", lastError: "No answer" };
    await store.ran(failed);
    assertEquals(await store.run("run-1"), failed);
    const next: RunRecord = { ...run, id: "run-2", direction: "sync", activeAtMs: 30 };
    await store.ran(next);
    assertEquals([await store.run("run-1"), await store.run("run-2")], [undefined, next]);
    assertEquals(await store.replicas(), [], "A run alone says nothing of what a replica reached");
  });

  Deno.test(`${name} lists runs, those heard of last first, by space, client, age and number`, async () => {
    await using store = await open();
    const places = [["a", "desk", 10], ["a", "laptop", 30], ["b", "laptop", 20], ["b", "phone", 5]] as const;
    for (const [space, client, activeAtMs] of places) {
      await store.ran({ ...run, id: `${space}-${client}`, space, client, activeAtMs });
    }
    const ids = async (query: { space?: string; client?: string; sinceMs?: number; limit?: number }) =>
      (await store.runs({ sinceMs: 0, limit: 9, ...query })).map(({ id }) => id);
    assertEquals(await ids({}), ["a-laptop", "b-laptop", "a-desk", "b-phone"]);
    assertEquals(await ids({ space: "a" }), ["a-laptop", "a-desk"]);
    assertEquals(await ids({ client: "laptop" }), ["a-laptop", "b-laptop"]);
    assertEquals(await ids({ space: "b", client: "laptop" }), ["b-laptop"]);
    assertEquals(await ids({ sinceMs: 10 }), ["a-laptop", "b-laptop", "a-desk"]);
    assertEquals(await ids({ limit: 1 }), ["a-laptop"]);
  });

  Deno.test(`${name} forgets those heard of longest ago when there are too many`, async () => {
    await using store = await open();
    for (let at = 0; at < replicasMax + 2; at++) {
      await store.reached({ space: "a", client: `c${at}`, revision: 1, atMs: at });
    }
    const clients = (await store.replicas()).map(({ client }) => client);
    assertEquals([clients.length, clients[0], clients.at(-1)], [replicasMax, "c2", `c${replicasMax + 1}`]);
    for (let at = 0; at < replicasMax + 2; at++) {
      await store.ran({ ...run, id: `r${at}`, client: `c${at}`, activeAtMs: at });
    }
    assertEquals([(await store.run("r1"))?.id, (await store.run("r2"))?.id], [undefined, "r2"]);
  });
}
