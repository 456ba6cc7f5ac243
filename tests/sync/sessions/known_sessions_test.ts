import { assertEquals } from "@std/assert";
import { MemoryReplicaStore, type RunRecord } from "../../../lib/metadata/replicas/mod.ts";
import { space } from "../../support/service_fixture.ts";
import { must, refused, SessionFixture } from "./session_fixture.ts";

const hour = 3600_000;

/** A run of a client, heard of at a time. */
function runAt(activeAtMs: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{ id: "run-1", space, client: "desk", direction: "sync", startedAtMs: 1, activeAtMs },
    ...{ state: "TransferringFiles", data: '{"uploads":1,"downloads":2}' },
    ...{ filesSynced: 3, bytesTransferred: 4, lastError: undefined },
    ...more,
  };
}

Deno.test("sessions() tells of sessions of both kinds, the one heard of last first", async () => {
  const replicas = new MemoryReplicaStore();
  const fixture = await SessionFixture.make({ replicas });
  const { time } = fixture.base;
  const client = await fixture.register();
  const id = await fixture.start(client);
  const told = async (query: { space?: string; client?: string; limit?: number } = {}) =>
    (await fixture.service.sessions({ limit: 9, ...query })).map(({ session, direction }) => [
      ...[session.id, session.status.state, direction],
    ]);
  assertEquals(await told(), [[id, "Idle", undefined]]);
  await replicas.ran(runAt(time.now() + 1));
  assertEquals(await told(), [["run-1", "TransferringFiles", "sync"], [id, "Idle", undefined]]);
  time.pass(2);
  must(await fixture.service.diff(id, { files: [], declined: new Set(), confirmedDeletes: undefined }));
  assertEquals((await told()).map(([first]) => first), [id, "run-1"]);
  assertEquals(await told({ limit: 1 }), [[id, "Complete", undefined]]);
  assertEquals(await told({ client: "desk" }), [["run-1", "TransferringFiles", "sync"]]);
  assertEquals(await told({ space: "other" }), []);
});

Deno.test("status() tells of a run as of a session", async () => {
  const replicas = new MemoryReplicaStore();
  const fixture = await SessionFixture.make({ replicas });
  await replicas.ran(runAt(fixture.base.time.now()));
  const { session, direction, uploads } = must(await fixture.service.status("run-1"));
  assertEquals([session.status, session.client, session.filesSynced, direction, uploads], [
    { state: "TransferringFiles", uploads: 1, downloads: 2 },
    "desk",
    3,
    "sync",
    [],
  ]);
  refused(await fixture.service.status("run-2"), "unknown");
});

Deno.test("status() tells of a session, whatever client claims its id for a run", async () => {
  const replicas = new MemoryReplicaStore();
  const fixture = await SessionFixture.make({ replicas });
  const id = await fixture.start(await fixture.register());
  await replicas.ran(runAt(fixture.base.time.now(), { id }));
  assertEquals(must(await fixture.service.status(id)).direction, undefined);
});

Deno.test("what nothing was heard of for a day has failed, and after a week it is not told of any more", async () => {
  const replicas = new MemoryReplicaStore();
  const fixture = await SessionFixture.make({ replicas });
  const { time } = fixture.base;
  await fixture.start(await fixture.register());
  await replicas.ran(runAt(time.now()));
  await replicas.ran(runAt(time.now(), { id: "run-2", client: "phone", state: "Complete", data: '{"revision":1}' }));
  const told = async () =>
    (await fixture.service.sessions({ limit: 9 })).map((
      { session: { status, lastError } },
    ) => [status.state, lastError])
      .sort();
  time.pass(24 * hour);
  assertEquals(await told(), [["Complete", undefined], ["Idle", undefined], ["TransferringFiles", undefined]]);
  time.pass(1);
  const expired = "Nothing happened for 24 hours";
  assertEquals(await told(), [["Complete", undefined], ["Failed", expired], ["Failed", expired]]);
  assertEquals(must(await fixture.service.status("run-1")).session.status, { state: "Failed", error: expired });
  time.pass(6 * 24 * hour);
  assertEquals(await told(), []);
});
