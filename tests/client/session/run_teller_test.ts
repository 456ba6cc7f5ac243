import { assertEquals, assertRejects } from "@std/assert";
import { type Remote, type RunSession, silentProgress } from "../../../lib/client/mod.ts";
import { replicaJson } from "../../../lib/client/remote/replica_json.ts";
import { RunTeller } from "../../../lib/client/session/run_teller.ts";
import { Failure } from "../../../lib/core/mod.ts";
import type { SessionStatus } from "../../../lib/sync/mod.ts";
import { FakeTime } from "../../events/fakes.ts";

type Told = Parameters<Remote["reportReplica"]>[0];

/** A teller, what it told, and how each telling is answered. */
function makeTeller(answer: () => Promise<void> = () => Promise.resolve()) {
  const time = new FakeTime(1_000_000);
  const told: Told[] = [];
  const kept: string[] = [];
  const teller = new RunTeller({
    client: "laptop",
    clock: time,
    keeper: { saveSession: ({ state }) => void kept.push(state) },
    remote: {
      reportReplica: (state) => {
        told.push(state);
        return answer();
      },
    },
  });
  const enter = (status: SessionStatus): void => {
    const session: RunSession = { ...status, id: "run-1", direction: "push", startedAtMs: 0, changedAtMs: 0 };
    teller.saveSession(session);
  };
  const states = () => told.splice(0).map((one) => one.run?.session.state);
  return { teller, time, told, kept, enter, states, progress: teller.listening(silentProgress) };
}

const transferring: SessionStatus = { state: "TransferringFiles", uploads: 3, downloads: 0 };

Deno.test("RunTeller says nothing of a run that is quick, and knows where it ended", async () => {
  const { teller, time, told, kept, enter } = makeTeller();
  enter(transferring);
  time.pass(499);
  enter({ state: "ApplyingChanges" });
  enter({ state: "Complete", revision: 7 });
  assertEquals([told, kept], [[], ["TransferringFiles", "ApplyingChanges", "Complete"]]);
  const { session, elapsedMs } = (await teller.settled())!;
  assertEquals([session.state, elapsedMs], ["Complete", 499]);
});

Deno.test("RunTeller says nothing of a run that finds nothing to do", async () => {
  const { teller, time, told, progress } = makeTeller();
  time.pass(60_000);
  progress.advance({ files: 1, bytes: 10 });
  assertEquals([await teller.settled(), told], [undefined, []]);
});

Deno.test("RunTeller tells each new state of a run that goes on, and every ten seconds how far it is", async () => {
  const { teller, time, enter, states, told, progress } = makeTeller();
  enter(transferring);
  time.pass(500);
  progress.advance({ bytes: 10 });
  assertEquals(states(), ["TransferringFiles"]);
  await teller.settled();
  time.pass(9_999);
  progress.advance({ files: 1, bytes: 10 });
  assertEquals(states(), []);
  time.pass(1);
  progress.advance({ files: 1, bytes: 10 });
  assertEquals(told.map(({ run }) => [run?.elapsedMs, run?.filesSynced, run?.bytesTransferred]), [[10_500, 2, 30]]);
  assertEquals(states(), ["TransferringFiles"]);
  await teller.settled();
  enter({ state: "ApplyingChanges" });
  assertEquals(states(), ["ApplyingChanges"]);
  await teller.settled();
  enter({ state: "Complete", revision: 7 });
  assertEquals(states(), [], "The end is told with what the run came to");
});

Deno.test("RunTeller never tells two things at once, and waits for what it told", async () => {
  const answered = Promise.withResolvers<void>();
  const { teller, time, enter, states } = makeTeller(() => answered.promise);
  time.pass(500);
  enter(transferring);
  enter({ state: "ApplyingChanges" });
  assertEquals(states(), ["TransferringFiles"]);
  let settled = false;
  const settling = teller.settled().then(() => settled = true);
  await Promise.resolve();
  assertEquals(settled, false);
  answered.resolve();
  await settling;
});

Deno.test("RunTeller takes no harm from a server that cannot be told, and hides no mistake of the program", async () => {
  const refusing = makeTeller(() => Promise.reject(new Failure("unreachable", "No answer")));
  refusing.time.pass(500);
  refusing.enter(transferring);
  assertEquals((await refusing.teller.settled())?.session.state, "TransferringFiles");
  const broken = makeTeller(() => Promise.reject(new TypeError("A mistake")));
  broken.time.pass(500);
  broken.enter(transferring);
  await assertRejects(() => broken.teller.settled(), TypeError, "A mistake");
});

Deno.test("replicaJson() tells a run with what belongs to its state, and an error once", () => {
  const session = { id: "run-1", direction: "push", startedAtMs: 1, changedAtMs: 2 } as const;
  const figures = { elapsedMs: 3, filesSynced: 4, bytesTransferred: 5 };
  const json = (state: Told): unknown => JSON.parse(JSON.stringify(replicaJson(state)));
  const run = { session: { ...session, ...transferring }, ...figures };
  const told = { id: "run-1", direction: "push", elapsed_ms: 3, files_synced: 4, bytes_transferred: 5 };
  assertEquals(json({ client: "laptop", run }), { client: "laptop", session: { ...told, ...transferring } });
  const failed = { session: { ...session, state: "Failed", error: "x".repeat(5000) }, ...figures } as const;
  const error = "x".repeat(1000);
  assertEquals(json({ client: "laptop", run: failed }), {
    client: "laptop",
    session: { ...told, state: "Failed", error },
  });
  const failure = { kind: "io", message: "The disk broke" } as const;
  assertEquals(json({ client: "laptop", failure, run: failed }), {
    ...{ client: "laptop", failure },
    session: { ...told, state: "Failed" },
  });
  assertEquals(json({ client: "laptop", failure }), { client: "laptop", failure });
});
