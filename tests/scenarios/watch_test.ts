import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { conflictsAt, listConflicts, LocalWorkspace, resolveConflicts } from "../../lib/client/mod.ts";
import { sleep } from "../../lib/client/watch/mod.ts";
import { systemClock } from "../../lib/core/mod.ts";
import { openServer } from "../../lib/app/mod.ts";
import { FakeWatcher } from "../support/fake_watcher.ts";
import { Relay } from "../support/relay.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";
import { serveFolder, type TestServer } from "../support/test_server.ts";
import { WatchingClient, type WatchingOptions } from "../support/watching_client.ts";

/** Two folders that are watched, and the server they are kept in step by. */
class WatchedPair implements AsyncDisposable {
  readonly temp: TempFolder;
  server: TestServer;
  readonly clients: WatchingClient[] = [];

  private constructor(temp: TempFolder, server: TestServer) {
    this.temp = temp;
    this.server = server;
  }

  static async make(
    files: Readonly<Record<string, string>> = {},
    options: { readonly a?: WatchingOptions; readonly b?: WatchingOptions; readonly server?: "serial" } = {},
  ): Promise<WatchedPair> {
    const temp = await TempFolder.make();
    for (const name of ["a", "b"]) temp.folder(name);
    temp.folder("a", files);
    const dataFolder = temp.folder("data");
    const server = options.server === undefined ? await serveFolder(dataFolder) : await openServer({
      hostname: "127.0.0.1",
      port: 0,
      dataFolder,
      server: options.server,
      onError: console.error,
    });
    const pair = new WatchedPair(temp, server);
    pair.watch("a", options.a);
    pair.watch("b", options.b);
    await pair.alike(readTree(pair.at("a")));
    return pair;
  }

  get a(): WatchingClient {
    return this.clients[0]!;
  }

  get b(): WatchingClient {
    return this.clients[1]!;
  }

  at(path: string): string {
    return `${this.temp.path}/${path}`;
  }

  /** Watches a folder; what waits longer than a moment waits for a moment, which only matters once something failed. */
  watch(name: "a" | "b", options: WatchingOptions = {}): WatchingClient {
    const hasty = (ms: number, signal: AbortSignal): Promise<void> => sleep(Math.min(ms, 50), signal);
    const client = new WatchingClient(this.at(name), this.server.url, { sleep: hasty, ...options });
    this.clients[name === "a" ? 0 : 1] = client;
    return client;
  }

  /** Writes files, by path from above both folders. */
  write(files: Readonly<Record<string, string>>): void {
    this.temp.write(files);
  }

  /** Settles once something is true, which is looked at whenever a client tells something. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await Promise.race(this.clients.map((client) => client.news));
  }

  /** Settles once both folders hold this, and both clients have said that they are in step with the server. */
  async alike(wanted: Readonly<Record<string, string>>): Promise<void> {
    const text = JSON.stringify(Object.fromEntries(Object.entries(wanted).sort(([a], [b]) => a < b ? -1 : 1)));
    const holds = (name: string): boolean => JSON.stringify(readTree(this.at(name))) === text;
    await this.until(() => holds("a") && holds("b") && revisionOf(this.a) === revisionOf(this.b));
  }

  async restart(): Promise<void> {
    this.server = await serveFolder(this.at("data"), Number(new URL(this.server.url).port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.clients.map((client) => client[Symbol.asyncDispose]()));
    await this.server[Symbol.asyncDispose]();
    await this.temp[Symbol.asyncDispose]();
  }
}

/** The revision at which a client was last in step. */
function revisionOf(client: WatchingClient): number | undefined {
  const last = client.told.findLast((told) => told.event === "synced");
  return last?.event === "synced" && last.report.synchronized ? last.report.revision : undefined;
}

function count(client: WatchingClient, event: string): number {
  return client.events.filter((told) => told === event).length;
}

Deno.test("scenario 31: two clients in watch edit in turn, and are equal after each edit", async () => {
  await using pair = await WatchedPair.make({ "notes": "0" });
  for (let round = 1; round <= 40; round++) {
    const [from, to] = round % 2 === 0 ? ["a", "b"] : ["b", "a"];
    const text = `${readTree(pair.at(from!))["notes"]} ${round}`;
    pair.write({ [`${from}/notes`]: text, [`${to}/by-${to}`]: `${round}` });
    await pair.alike({ "notes": text, "by-a": `${round - (round + 1) % 2}`, ...byB(round) });
  }
  assertEquals([count(pair.a, "failed"), count(pair.b, "failed")], [0, 0]);
  assertEquals(readTree(pair.at("a")), readTree(pair.at("b")));
});

/** What the rounds up to one have put into the file that even rounds write. */
function byB(round: number): Record<string, string> {
  return round < 2 ? {} : { "by-b": `${round - round % 2}` };
}

Deno.test("dfs watch goes on when the server is gone and comes back, and says so once", async () => {
  await using pair = await WatchedPair.make({ "f": "1" });
  await pair.server[Symbol.asyncDispose]();
  await pair.a.heard("disconnected");
  await pair.b.heard("disconnected");
  pair.write({ "a/while-gone": "a", "b/f": "b" });
  for (let failure = 0; failure < 3; failure++) {
    await pair.a.heard("failed");
    await pair.b.heard("failed");
  }
  await pair.restart();
  await pair.alike({ "f": "b", "while-gone": "a" });
  for (const client of pair.clients) {
    await client.heard("connected");
    assertEquals(count(client, "disconnected"), 1);
  }
  pair.write({ "a/after": "x" });
  await pair.alike({ "f": "b", "while-gone": "a", "after": "x" });
});

Deno.test("dfs watch begins although the server cannot be reached, and is in step when it can", async () => {
  await using pair = await WatchedPair.make({ "f": "1" });
  await pair.b.end();
  await pair.server[Symbol.asyncDispose]();
  pair.write({ "b/new": "2" });
  const client = pair.watch("b");
  await client.heard("failed");
  await pair.restart();
  await pair.alike({ "f": "1", "new": "2" });
});

Deno.test("dfs watch goes on when its way to the server is cut and healed", async () => {
  await using pair = await WatchedPair.make({ "f": "1" });
  await pair.b.end();
  await using relay = new Relay(pair.server.url);
  const client = pair.watch("b", { url: relay.url });
  await client.heard("connected");
  await pair.alike({ "f": "1" });
  for (let round = 1; round <= 3; round++) {
    relay.faults = { cutDown: relay.down, stayDown: true };
    pair.write({ "a/f": `a${round}` });
    await client.heard("disconnected");
    pair.write({ "b/g": `b${round}` });
    await client.heard("failed");
    relay.heal();
    await pair.alike({ "f": `a${round}`, "g": `b${round}` });
    if (count(client, "connected") <= round) await client.heard("connected");
  }
});

Deno.test("dfs watch runs at once and connects anew after the machine slept", async () => {
  let sleptMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + sleptMs };
  await using pair = await WatchedPair.make({ "f": "1" }, { a: { clock } });
  await pair.a.heard("connected");
  sleptMs = 3_600_000;
  await pair.a.until((told) => told.event === "begun" && told.reasons.includes("resumed"));
  await pair.until(() => count(pair.a, "connected") === 2);
  assertEquals(count(pair.a, "disconnected"), 0);
  pair.write({ "b/f": "2" });
  await pair.alike({ "f": "2" });
});

Deno.test("dfs watch carries a burst of 2,000 files over, in few runs", async () => {
  await using pair = await WatchedPair.make();
  const files = Object.fromEntries(
    Array.from({ length: 2000 }, (_, number) => [`${number % 40}/${number}`, `content ${number}`]),
  );
  const before = count(pair.a, "begun");
  pair.temp.folder("a", files);
  const folders = Object.fromEntries(Array.from({ length: 40 }, (_, number) => [`${number}/`, ""]));
  await pair.alike({ ...files, ...folders });
  assert(count(pair.a, "begun") - before < 60, `${count(pair.a, "begun")} runs`);
  for (let folder = 0; folder < 40; folder++) Deno.removeSync(pair.at(`b/${folder}/${folder}`));
  for (let folder = 0; folder < 40; folder++) delete files[`${folder}/${folder}`];
  await pair.alike({ ...files, ...folders });
});

Deno.test("dfs watch carries a renamed folder over, and what is then edited and made deep in it", async () => {
  await using pair = await WatchedPair.make({ "old/deep/f": "1", "old/g": "2" });
  Deno.renameSync(pair.at("a/old"), pair.at("a/new"));
  await pair.alike({ "new/": "", "new/deep/": "", "new/deep/f": "1", "new/g": "2" });
  pair.write({ "b/new/deep/f": "edited" });
  await pair.alike({ "new/": "", "new/deep/": "", "new/deep/f": "edited", "new/g": "2" });
  pair.write({ "a/new/deep/more": "3" });
  await pair.alike({ "new/": "", "new/deep/": "", "new/deep/f": "edited", "new/deep/more": "3", "new/g": "2" });
  Deno.renameSync(pair.at("b/new"), pair.at("b/old"));
  Deno.mkdirSync(pair.at("b/new"));
  pair.write({ "b/old/deep/f": "again", "b/new/other": "4" });
  await pair.alike({
    ...{ "new/": "", "new/other": "4", "old/": "", "old/deep/": "" },
    ...{ "old/deep/f": "again", "old/deep/more": "3", "old/g": "2" },
  });
});

Deno.test("dfs watch carries out what dfs resolve decides meanwhile", async () => {
  const manual: WatchingOptions = { conflicts: { rules: [], default: "manual" } };
  await using pair = await WatchedPair.make({ "f": "0" }, { a: manual, b: manual });
  await pair.b.end();
  pair.write({ "b/f": "by b", "a/f": "by a" });
  await pair.a.synced(({ revision }) => revision > 1);
  pair.watch("b", manual);
  await pair.b.until((told) => told.event === "synced" && told.report.conflicts.length > 0);
  assertEquals([readTree(pair.at("a")), readTree(pair.at("b"))], [{ "f": "by a" }, { "f": "by b" }]);
  {
    using workspace = LocalWorkspace.open(pair.at("b"), { dryRun: true });
    const [conflict] = listConflicts(workspace);
    const found = conflictsAt(workspace, conflict!.path);
    await resolveConflicts(found, { workspace, resolution: { take: "ours" }, nowMs: systemClock.now() });
    workspace.wakeWatcher();
  }
  await pair.alike({ "f": "by b" });
});

Deno.test("scenario 16: while the disk of a watched folder is away nothing is deleted, and it says so", async () => {
  const files = { "f": "1", "folder/g": "2" };
  const tree = { ...files, "folder/": "" };
  await using pair = await WatchedPair.make(files);
  Deno.renameSync(pair.at("a"), pair.at("away"));
  Deno.mkdirSync(pair.at("a"));
  const { failure } = await pair.a.heard("failed");
  assertStringIncludes(failure.message, "is not the folder that it was");
  pair.write({ "b/meanwhile": "3" });
  await pair.b.synced(({ changes }) => changes.length > 0);
  await pair.a.heard("failed");
  assertEquals(readTree(pair.at("a")), {});
  assertEquals(readTree(pair.at("b")), readTreeOf({ ...tree, "meanwhile": "3" }));
  Deno.removeSync(pair.at("a"));
  Deno.renameSync(pair.at("away"), pair.at("a"));
  await pair.alike({ ...tree, "meanwhile": "3" });
  pair.write({ "a/f": "edited" });
  await pair.alike({ ...tree, "f": "edited", "meanwhile": "3" });
});

function readTreeOf(tree: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => a < b ? -1 : 1));
}

Deno.test("scenario 33: where the watches of the system are used up, watching becomes looking, and says so", async () => {
  const folder = new FakeWatcher();
  await using pair = await WatchedPair.make({ "f": "1" }, { a: { watcher: folder.watcher } });
  folder.failure = new Error('OS file watch limit reached. about ["/x"]');
  folder.tell(folder.failure);
  const { what, reason } = await pair.a.heard("degraded");
  assertEquals([what, reason], ["folder", folder.failure.message]);
  pair.write({ "a/f": "2" });
  await pair.alike({ "f": "2" });
  pair.write({ "b/f": "3" });
  await pair.alike({ "f": "3" });
  folder.failure = undefined;
  assertEquals((await pair.a.heard("restored")).what, "folder");
});

Deno.test("dfs watch asks a server now and then that cannot tell of changes, and says so", async () => {
  await using pair = await WatchedPair.make({ "f": "1" }, { server: "serial" });
  const { what, reason } = await pair.b.heard("degraded");
  assertEquals(what, "feed");
  assertStringIncludes(reason, "cannot follow events");
  pair.write({ "a/f": "2" });
  await pair.alike({ "f": "2" });
  pair.write({ "b/f": "3" });
  await pair.alike({ "f": "3" });
});
