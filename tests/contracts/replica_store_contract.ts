import { assertEquals } from "@std/assert";
import { replicasMax, type ReplicaStore } from "../../lib/metadata/replicas/mod.ts";

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

  Deno.test(`${name} forgets those heard of longest ago when there are too many`, async () => {
    await using store = await open();
    for (let at = 0; at < replicasMax + 2; at++) {
      await store.reached({ space: "a", client: `c${at}`, revision: 1, atMs: at });
    }
    const clients = (await store.replicas()).map(({ client }) => client);
    assertEquals([clients.length, clients[0], clients.at(-1)], [replicasMax, "c2", `c${replicasMax + 1}`]);
  });
}
