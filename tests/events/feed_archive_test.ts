import { assertEquals } from "@std/assert";
import {
  EventBus,
  feedArchivedEventsMax,
  feedArchivedOriginsMax,
  feedArchiveFile,
  LiveFeed,
} from "../../lib/events/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { FakeTime } from "./fakes.ts";

/** A feed of one run over the archive in a folder. */
function startRun(folder: string, origin: string, { version = "1", keeps = true } = {}) {
  const bus = new EventBus({ origin });
  const archive = feedArchiveFile({ version, path: `${folder}/feed.jsonl`, keeps });
  const feed = new LiveFeed({ timers: new FakeTime(), archive });
  feed.start(bus);
  const happen = (...revisions: readonly number[]) =>
    bus.emitAll("sync.completed", revisions, (revision) => ({ space: "a", revision, durationMs: 1 }));
  /** What somebody is given who comes back, and the id of the last message. */
  const resume = async (lastEventId: string) => {
    const opened = feed.open({ lastEventId, follow: false });
    if (!opened.ok) throw new Error(opened.error.message);
    const messages = await Array.fromAsync(opened.value);
    const told = messages.filter(({ data }) => data !== undefined);
    const given = told.map(({ event, data }) => event === "feed.gap" ? "gap" : JSON.parse(data ?? "").detail.revision);
    return { given, id: messages.at(-1)?.id };
  };
  return { bus, feed, happen, resume };
}

Deno.test("a feed goes on from what the one before it left, over several runs", async () => {
  await using temp = await TempFolder.make();
  const first = startRun(temp.path, "one");
  first.happen(1, 2, 3);
  first.bus.emit("server.stopping", { reason: "SIGTERM" });
  // A request that was under way when the server was told to stop.
  first.happen(4);
  first.feed.stop();

  const second = startRun(temp.path, "two");
  second.happen(5);
  assertEquals((await second.resume("one:2")).given, [3, undefined, 4, 5]);
  assertEquals(await second.resume("one:5"), { given: [5], id: "one:5,two:1" });
  assertEquals((await second.resume("zero:1")).given[0], "gap");
  second.feed.stop();

  const third = startRun(temp.path, "three");
  third.happen(6);
  assertEquals((await third.resume("one:3")).given, [undefined, 4, 5, 6]);
  assertEquals((await third.resume("one:5,two:1")).given, [6]);
  third.feed.stop();
});

Deno.test("a feed tells of a gap if the run before it left nothing", async () => {
  await using temp = await TempFolder.make();
  const first = startRun(temp.path, "one");
  first.happen(1, 2);
  first.feed.stop();
  startRun(temp.path, "two").happen(3);
  const third = startRun(temp.path, "three");
  third.happen(4);
  assertEquals((await third.resume("one:2")).given, ["gap", 4]);
});

Deno.test("a feed that does not keep the archive reads what the one that does has taken over", async () => {
  await using temp = await TempFolder.make();
  const first = startRun(temp.path, "one");
  first.happen(1, 2);
  first.feed.stop();
  const keeper = startRun(temp.path, "main");
  for (const origin of ["worker-1", "worker-2"]) {
    const worker = startRun(temp.path, origin, { keeps: false });
    assertEquals((await worker.resume("one:1")).given, [2]);
    worker.feed.stop();
  }
  assertEquals((await keeper.resume("one:1")).given, [2]);
  keeper.feed.stop();
});

Deno.test("a feed begins anew after another version, or an archive that was altered", async () => {
  await using temp = await TempFolder.make();
  const path = `${temp.path}/feed.jsonl`;
  const leave = () => {
    const run = startRun(temp.path, "one");
    run.happen(1, 2);
    run.feed.stop();
  };
  leave();
  assertEquals((await startRun(temp.path, "two", { version: "2" }).resume("one:1")).given, ["gap"]);
  for (const alter of [(text: string) => text.slice(0, -1), (text: string) => text.replace("[", "{"), () => ""]) {
    leave();
    Deno.writeTextFileSync(path, alter(Deno.readTextFileSync(path)));
    assertEquals((await startRun(temp.path, "two").resume("one:1")).given, ["gap"]);
  }
});

Deno.test("a feed leaves so many events of so many origins, and tells of the others as a gap", async () => {
  await using temp = await TempFolder.make();
  const first = startRun(temp.path, "one");
  for (let origin = 0; origin <= feedArchivedOriginsMax; origin++) {
    const detail = { space: "a", revision: origin, durationMs: 1 };
    first.bus.relay({ type: "sync.completed", id: 1, time: 0, origin: `o${origin}`, detail });
  }
  const count = feedArchivedEventsMax + 5;
  first.happen(...Array.from({ length: count }, (_, at) => at + 1));
  first.feed.stop();
  const second = startRun(temp.path, "two");
  assertEquals((await second.resume("one:4")).given.slice(0, 2), ["gap", 6]);
  assertEquals((await second.resume("o0:1,one:5")).given.includes("gap"), true);
  const { given } = await second.resume(`o${feedArchivedOriginsMax}:1,one:${count - 1}`);
  assertEquals(given.at(-1), count);
  second.feed.stop();
});

Deno.test("a reader that comes back after every restart is never told of a gap", async () => {
  await using temp = await TempFolder.make();
  let id = "";
  for (let run = 0; run < 2 * feedArchivedOriginsMax; run++) {
    const { happen, resume, feed } = startRun(temp.path, `run-${run}`);
    happen(run);
    const resumed = await resume(id);
    assertEquals(resumed.given, [run]);
    id = String(resumed.id);
    feed.stop();
  }
  const late = startRun(temp.path, "late");
  late.happen(1);
  assertEquals((await late.resume("run-3:1")).given[0], "gap");
});
