import { assertEquals } from "@std/assert";
import { MemoryReplicaStore, type RunRecord } from "../../../lib/metadata/replicas/mod.ts";
import { recordRun, type RunReport } from "../../../lib/sync/service/run_report.ts";

const transferring: RunReport = {
  id: "run-1",
  direction: "push",
  status: { state: "TransferringFiles", uploads: 3, downloads: 0 },
  elapsedMs: 400.4,
  filesSynced: 1,
  bytesTransferred: 10,
};
const laptop = { space: "a", client: "laptop" };

Deno.test("recordRun() follows a run to its end, and knows when it began whatever the client's clock says", async () => {
  const store = new MemoryReplicaStore();
  assertEquals(await recordRun(store, transferring, { ...laptop, atMs: 1000 }), true);
  const run: RunRecord = {
    ...{ id: "run-1", ...laptop, direction: "push", startedAtMs: 600, activeAtMs: 1000 },
    ...{ state: "TransferringFiles", data: '{"uploads":3,"downloads":0}' },
    ...{ filesSynced: 1, bytesTransferred: 10, lastError: undefined },
  };
  assertEquals(await store.run("run-1"), run);
  const complete: RunReport = {
    ...transferring,
    status: { state: "Complete", revision: 7 },
    elapsedMs: 9,
    filesSynced: 3,
  };
  assertEquals(await recordRun(store, complete, { ...laptop, atMs: 2000 }), true);
  const ended: RunRecord = { ...run, activeAtMs: 2000, state: "Complete", data: '{"revision":7}', filesSynced: 3 };
  assertEquals(await store.run("run-1"), ended);
  assertEquals(await recordRun(store, transferring, { ...laptop, atMs: 3000 }), true, "This was on its way for long");
  assertEquals(await store.run("run-1"), ended);
});

Deno.test("recordRun() tells of a failure what is said of it, and began no run before 1970", async () => {
  const store = new MemoryReplicaStore();
  const failed: RunReport = { ...transferring, status: { state: "Failed", error: "By itself" }, elapsedMs: 1e15 };
  await recordRun(store, failed, { ...laptop, atMs: 5 });
  const read = async () => {
    const { state, data, lastError, startedAtMs } = (await store.run("run-1"))!;
    return [state, data, lastError, startedAtMs];
  };
  assertEquals(await read(), ["Failed", '{"error":"By itself"}', "By itself", 0]);
  await recordRun(store, { ...failed, id: "run-2" }, { ...laptop, atMs: 6, error: "The disk is full" });
  assertEquals((await store.run("run-2"))?.lastError, "The disk is full");
  const unread: RunReport = { ...transferring, id: "run-1", status: { state: "Complete", revision: 1 } };
  await recordRun(store, unread, { ...laptop, atMs: 7, error: "2 paths could not be carried over" });
  assertEquals((await read()).slice(0, 3), ["Complete", '{"revision":1}', "2 paths could not be carried over"]);
});

Deno.test("recordRun() lets nobody write over the run of another client", async () => {
  const store = new MemoryReplicaStore();
  await recordRun(store, transferring, { ...laptop, atMs: 1000 });
  for (const other of [{ ...laptop, client: "desk" }, { ...laptop, space: "b" }]) {
    assertEquals(await recordRun(store, transferring, { ...other, atMs: 2000 }), false);
  }
  assertEquals((await store.run("run-1"))?.activeAtMs, 1000);
});
