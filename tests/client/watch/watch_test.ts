import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { silentProgress } from "../../../lib/client/mod.ts";
import { turn } from "../../support/fake_time.ts";
import { FakeWatcher } from "../../support/fake_watcher.ts";
import { fails, makeWatching } from "../../support/watched_world.ts";

/** The waits that a watching client always has: whether nobody tells of changes, and whether the machine slept. */
const [pollMs, tickMs, renewMs] = [15_000, 5000, 600_000];

Deno.test("watch() tells what it does in order, and carries over what changed once the folder is quiet", async () => {
  await using world = await makeWatching();
  const { client, time, folder, temp } = world;
  await client.synced(({ revision }) => revision === 1);
  assertEquals(client.told.filter(({ event }) => event !== "disconnected").slice(0, 2).map(({ event }) => event), [
    "begun",
    "synced",
  ]);
  for (let edit = 0; edit < 3; edit++) {
    temp.write({ a: `edit ${edit}` });
    folder.tell("changed");
    await turn();
    await time.until(20);
    await time.pass(10);
  }
  assertEquals(client.events.filter((event) => event === "begun").length, 1);
  await time.pass(200);
  const { changes, revision } = await client.synced();
  assertEquals([changes.map(({ path }) => path), revision], [["a"], 2]);
  const reasons = client.told.flatMap((told) => told.event === "begun" ? [told.reasons] : []);
  assertEquals(reasons, [["start"], ["folder"]]);
});

Deno.test("watch() looks at the whole folder when the watcher missed something", async () => {
  await using world = await makeWatching();
  const { client, folder, temp } = world;
  await client.synced();
  temp.write({ b: "2" });
  folder.tell("missed");
  assertEquals((await client.heard("begun")).reasons, ["rescan"]);
  assertEquals((await client.synced()).revision, 2);
});

Deno.test("watch() tries a run again that failed by what passes, each time twice as long after, up to a minute", async () => {
  const failures = Array.from({ length: 9 }, () => fails("unreachable"));
  await using world = await makeWatching({ failures });
  const { client, time } = world;
  const waits: (number | undefined)[] = [];
  for (const _ of failures) {
    const { retryMs } = await client.heard("failed");
    waits.push(retryMs);
    await turn();
    await time.pass(retryMs!);
  }
  assertEquals(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  await client.synced();
  world.remote.failures.push(fails("io"));
  world.folder.tell("missed");
  assertEquals((await client.heard("failed")).retryMs, 1000, "After a success it begins anew");
});

Deno.test("watch() keeps one retry at a time, however often something changes while it fails", async () => {
  await using world = await makeWatching({ failures: Array.from({ length: 21 }, () => fails("unreachable")) });
  const { client, time, folder } = world;
  await client.heard("failed");
  for (let change = 0; change < 20; change++) {
    folder.tell("missed");
    await client.heard("failed");
  }
  await turn();
  const retries = time.sleeping.filter((ms) => ms === 60_000);
  assert(retries.length <= 2, `${retries.length} timers: one of the runs, one of the feed`);
  await time.pass(60_000);
  await client.synced();
});

Deno.test("watch() leaves a refused run until something changes", async () => {
  await using world = await makeWatching({ failures: [fails("refused"), fails("refused")] });
  const { client, time, folder, remote } = world;
  assertEquals((await client.heard("failed")).retryMs, undefined);
  await time.pass(tickMs);
  assertEquals(remote.heads, 1);
  folder.tell("missed");
  await client.heard("failed");
  folder.tell("changed");
  await time.until(20);
  await time.pass(20);
  await client.synced();
});

Deno.test("watch() says that the folder cannot be watched, looks now and then, and watches again when that works", async () => {
  for (const ending of [new Error("OS file watch limit reached"), "end"] as const) {
    await using world = await makeWatching();
    const { client, time, folder, temp } = world;
    await client.synced();
    folder.failure = new Error("still");
    folder.tell(ending);
    const { what, reason, everyMs } = await client.heard("degraded");
    assertEquals([what, everyMs], ["folder", pollMs]);
    assertEquals(reason, ending === "end" ? "The watcher ended" : ending.message);
    assertEquals((await client.heard("begun")).reasons, ["rescan"]);
    await client.synced();
    temp.write({ b: "2" });
    await time.until(pollMs);
    await time.pass(pollMs);
    assertEquals((await client.synced(({ changes }) => changes.length > 0)).revision, 2);
    // Not told again while it stays so.
    while (folder.begun < 2) await time.pass(pollMs);
    assertEquals(client.events.filter((event) => event === "degraded").length, 1);
    folder.failure = undefined;
    while (folder.begun < 3) await time.pass(pollMs);
    assertEquals((await client.heard("restored")).what, "folder");
    temp.write({ c: "3" });
    folder.tell("changed");
    await time.until(20);
    await time.pass(20);
    assertEquals((await client.synced(({ changes }) => changes.length > 0)).revision, 3);
  }
});

Deno.test("watch() carries out its first run although the folder cannot be watched", async () => {
  const folder = new FakeWatcher();
  folder.failure = new Error("no inotify");
  await using world = await makeWatching({ watcher: folder.watcher });
  await world.client.heard("degraded");
  assertEquals((await world.client.heard("begun")).reasons, ["start"]);
  await world.client.synced();
});

Deno.test("watch() asks now and then while the feed cannot be reached, and says so once", async () => {
  await using world = await makeWatching();
  const { client, time, remote } = world;
  await client.synced();
  for (let poll = 0; poll < 5; poll++) {
    const before = remote.heads;
    await time.pass(pollMs);
    await client.synced();
    assert(remote.heads > before);
  }
  assertEquals(client.events.filter((event) => event === "disconnected").length, 1);
  await time.pass(renewMs);
  assertEquals(client.events.filter((event) => event === "disconnected").length, 1);
});

Deno.test("watch() walks the folder as often as it is told", async () => {
  await using world = await makeWatching({ rescanMs: 7000 });
  const { client, time } = world;
  await client.synced();
  for (const _ of [1, 2]) {
    await time.until(7000);
    await time.pass(7000);
    await client.until((told) => told.event === "begun" && told.reasons.includes("rescan"));
    await client.synced();
  }
});

Deno.test("watch() reads all anew as often as it is told, and keeps in mind what failed of that", async () => {
  const read: number[] = [];
  const progress = { ...silentProgress, expect: ({ files }: { readonly files: number }) => void read.push(files) };
  await using world = await makeWatching({ verifyEveryMs: 61_000, progress });
  const { client, time, remote } = world;
  await client.synced();
  read.length = 0;
  // The feed is down, so that the server is asked meanwhile.
  for (let poll = 1; poll <= 4; poll++) {
    await time.pass(pollMs);
    await client.synced();
  }
  assertEquals(read.every((files) => files === 0), true, "Walking reads no file that did not change");
  await time.until(pollMs);
  remote.failures.push(fails("io"));
  await time.pass(1000);
  await client.until((told) => told.event === "begun" && told.reasons.includes("verify"));
  await client.heard("failed");
  await time.until(1000);
  await time.pass(1000);
  await client.synced();
  assertEquals(read.includes(1), true);
  read.length = 0;
  world.folder.tell("missed");
  await client.synced();
  assertEquals(read.includes(1), false);
});

Deno.test("watch() runs at once after the machine slept", async () => {
  await using world = await makeWatching();
  const { client, time } = world;
  await client.synced();
  await time.until(tickMs);
  time.suspend(3_600_000);
  await time.pass(0);
  await client.until((told) => told.event === "begun" && told.reasons.includes("resumed"));
  await client.synced();
});

Deno.test("watch() takes a long run for no sleep of the machine", async () => {
  await using world = await makeWatching();
  const { client, time, remote, folder } = world;
  await client.synced();
  await time.until(tickMs);
  // As a walk does that nothing else runs beside.
  remote.checks = () => Promise.resolve(time.suspend(3_600_000));
  folder.tell("missed");
  await client.synced();
  remote.checks = undefined;
  await time.pass(tickMs);
  await turn();
  await client.end();
  const reasons = client.told.flatMap((told) => told.event === "begun" ? told.reasons : []);
  assertEquals(reasons.includes("resumed"), false, `${reasons}`);
});

Deno.test("watch() deletes nothing while another folder stands where its own was, and goes on when that is back", async () => {
  const files = Object.fromEntries(Array.from({ length: 5 }, (_, number) => [`f${number}`, "x"]));
  await using world = await makeWatching({ files });
  const { client, time, folder, temp, remote } = world;
  const { revision } = await client.synced();
  Deno.renameSync(temp.path, `${temp.path}-away`);
  Deno.mkdirSync(temp.path);
  folder.tell("missed");
  const { failure, retryMs } = await client.heard("failed");
  assertEquals([failure.kind, retryMs], ["refused", pollMs]);
  assertStringIncludes(failure.message, "is not the folder that it was");
  Deno.removeSync(temp.path);
  Deno.renameSync(`${temp.path}-away`, temp.path);
  const before = folder.begun;
  await time.pass(pollMs);
  assertEquals((await client.synced()).revision, revision);
  while (folder.begun === before) await turn();
  assertEquals(folder.open, 1, "It is watched anew");
  assert(remote.heads > 1);
});

Deno.test("watch() watches a folder anew that is back before the run that found it away is over", async () => {
  await using world = await makeWatching();
  const { client, time, folder, temp, remote } = world;
  await client.synced();
  Deno.renameSync(temp.path, `${temp.path}-away`);
  Deno.mkdirSync(temp.path);
  remote.ended = () => {
    remote.ended = undefined;
    Deno.removeSync(temp.path);
    Deno.renameSync(`${temp.path}-away`, temp.path);
  };
  folder.tell("missed");
  const { retryMs } = await client.heard("failed");
  assertEquals([retryMs, remote.ended], [pollMs, undefined]);
  const before = folder.begun;
  await time.pass(pollMs);
  await client.synced();
  while (folder.begun === before) await turn();
});

Deno.test("watch() breaks a run off whose folder goes away in the middle", async () => {
  await using world = await makeWatching({ files: { a: "1" } });
  const { client, folder, temp, remote } = world;
  await client.synced();
  const vanish = (): Promise<void> => {
    Deno.renameSync(temp.path, `${temp.path}-away`);
    Deno.mkdirSync(temp.path);
    return Promise.resolve();
  };
  // The walk comes after the server was asked, and finds nothing.
  remote.checks = vanish;
  folder.tell("missed");
  assertEquals((await client.heard("failed")).failure.kind, "refused");
  Deno.removeSync(temp.path);
  Deno.renameSync(`${temp.path}-away`, temp.path);
  remote.checks = undefined;
  folder.tell("missed");
  const { revision, files } = await client.synced();
  assertEquals([revision, files], [1, 1], "Nothing was deleted");
});

Deno.test("watch() ends by its signal in every state, and leaves nothing running", async () => {
  const states: Readonly<Record<string, (world: Awaited<ReturnType<typeof makeWatching>>) => Promise<unknown>>> = {
    "at once": () => Promise.resolve(),
    "at rest": ({ client }) => client.synced(),
    "settling": async ({ client, folder, time }) => {
      await client.synced();
      folder.tell("changed");
      await time.until(20);
    },
    "waiting to try again": async ({ client, remote, folder }) => {
      await client.synced();
      remote.failures.push(fails("unreachable"));
      folder.tell("missed");
      await client.heard("failed");
    },
    "without a watcher": async ({ client, folder }) => {
      folder.failure = new Error("no");
      folder.tell("end");
      await client.heard("degraded");
    },
  };
  for (const [state, reach] of Object.entries(states)) {
    await using world = await makeWatching();
    await reach(world);
    await world.client.end();
    assertEquals([world.time.sleeping, world.folder.open], [[], 0], state);
  }
});

Deno.test("watch() finishes the run that is under way when it is told to end", async () => {
  await using world = await makeWatching();
  const { client, remote, folder, temp } = world;
  await client.synced();
  temp.write({ b: "2" });
  remote.checks = () => Promise.resolve(client.interrupt());
  folder.tell("missed");
  await client.synced(({ revision }) => revision === 2);
  await client.end();
  assertEquals(client.events.at(-1), "synced");
});

Deno.test("watch() ends with what is no failure of the world", async () => {
  await using world = await makeWatching();
  const { client, remote, folder, time } = world;
  await client.synced();
  remote.failures.push(new TypeError("a mistake"));
  folder.tell("missed");
  await assertRejects(() => client.until(() => false), TypeError, "a mistake");
  await assertRejects(() => client.end(), TypeError, "a mistake");
  assertEquals([time.sleeping, folder.open], [[], 0]);
});
