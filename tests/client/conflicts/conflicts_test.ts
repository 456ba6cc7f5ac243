import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  conflictsAt,
  HttpRemote,
  listConflicts,
  LocalWorkspace,
  type OpenConflict,
  type Resolution,
  resolveConflicts,
  showConflict,
} from "../../../lib/client/mod.ts";
import { Failure } from "../../../lib/core/mod.ts";
import { HttpClient } from "../../../lib/network/client/mod.ts";
import type { ConflictPolicy, ConflictRules } from "../../../lib/metadata/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { folderFacts } from "../../support/folder_facts.ts";
import { Replica, retryAtOnce } from "../../support/replica.ts";
import { readTree, TempFolder } from "../../support/temp_folder.ts";
import { startServer, type TestServer } from "../../support/test_server.ts";

const nowMs = Date.UTC(2026, 0, 31, 8, 5, 9);
const manual = policy("manual");

/** One policy for all paths. */
function policy(name: ConflictPolicy): { readonly conflicts: ConflictRules } {
  return { conflicts: { rules: [], default: name } };
}

/** Two replicas that agreed on a file and then edited it, the second of which comes later. */
async function inConflict(server: TestServer): Promise<AsyncDisposable & { readonly a: Replica; readonly b: Replica }> {
  await using stack = new AsyncDisposableStack();
  const a = stack.use(await Replica.make(server.url, { "f.txt": "old\n", "other": "1" }));
  const b = stack.use(await Replica.make(server.url));
  await a.sync();
  await b.sync();
  a.write({ "f.txt": "theirs\n" });
  b.write({ "f.txt": "ours\n" });
  await a.sync();
  const owned = stack.move();
  return { a, b, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function found(replica: Replica): OpenConflict[] {
  using workspace = LocalWorkspace.open(replica.path, { dryRun: true });
  return listConflicts(workspace);
}

async function resolve(replica: Replica, path: string, resolution: Resolution): Promise<void> {
  using workspace = LocalWorkspace.open(replica.path, { dryRun: true });
  await resolveConflicts(conflictsAt(workspace, at(path)), { workspace, resolution, nowMs });
}

Deno.test("a conflict that waits stays on both sides, is listed, and is shown as a diff", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { b } = pair;
  b.write({ "other": "2" });
  const report = await b.sync(manual);
  assertEquals([report.synchronized, report.conflicts.map(({ outcome }) => outcome)], [false, ["manual"]]);
  assertEquals(report.changes.map(({ path }) => path), ["other"]);
  const again = await b.sync(manual);
  assertEquals([again.changes, again.conflicts.length, again.revision], [[], 1, report.revision]);
  assertEquals(found(b).map(({ kind, path }) => [kind, path]), [["waiting", "f.txt"]]);
  assertEquals((await b.status()).conflicts, [at("f.txt")]);
  using workspace = LocalWorkspace.open(b.path, { dryRun: true });
  using http = new HttpClient({ origin: server.url });
  const remote = new HttpRemote(http, { origin: server.url, space: "default", retry: retryAtOnce });
  const diff = await showConflict(listConflicts(workspace)[0]!, workspace, remote);
  assertMatch(diff!, /^--- f\.txt\n\+\+\+ f\.txt \(server\)\n@@[^\n]*\n-ours\n\+theirs\n$/);
});

for (
  const [take, expected] of [["ours", ["ours\n"]], ["theirs", ["theirs\n"]], ["both", ["ours\n", "theirs\n"]]] as const
) {
  Deno.test(`resolveConflicts() carries out --${take} with the next sync, on all replicas`, async () => {
    await using server = await startServer();
    await using pair = await inConflict(server);
    const { a, b } = pair;
    await b.sync(manual);
    await resolve(b, "f.txt", { take });
    const report = await b.sync(manual);
    assertEquals([report.synchronized, report.conflicts], [true, []]);
    await a.sync();
    assertEquals(folderFacts(a.path), folderFacts(b.path));
    const { other: _, ...files } = a.tree();
    assertEquals(Object.values(files).sort(), [...expected]);
    assertEquals(found(b).filter(({ kind }) => kind === "waiting"), []);
  });
}

Deno.test("resolveConflicts() takes a file in which both were brought together by hand", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { a, b } = pair;
  await b.sync(manual);
  await using merged = await Replica.make(server.url, { "merged": "both\n" });
  await resolve(b, "f.txt", { take: "merged", file: merged.at("merged") });
  assert((await b.sync(manual)).synchronized);
  await a.sync();
  assertEquals([a.tree()["f.txt"], b.tree()["f.txt"]], ["both\n", "both\n"]);
});

Deno.test("a decision does not hold for what the other side wrote after it", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { a, b } = pair;
  await b.sync(manual);
  await resolve(b, "f.txt", { take: "ours" });
  a.write({ "f.txt": "later\n" });
  await a.sync();
  const report = await b.sync(manual);
  assertEquals(report.conflicts.map(({ outcome }) => outcome), ["manual"]);
  assertEquals([a.tree()["f.txt"], b.tree()["f.txt"]], ["later\n", "ours\n"]);
});

for (const when of ["before", "after"] as const) {
  Deno.test(`what was moved away ${when} its name was given up stays, and theirs takes the name`, async () => {
    await using server = await startServer();
    await using pair = await inConflict(server);
    const { a, b } = pair;
    await b.sync(manual);
    const move = (): void => Deno.renameSync(b.at("f.txt"), b.at("mine.txt"));
    if (when === "before") move();
    await resolve(b, "f.txt", { take: "theirs" });
    if (when === "after") move();
    const report = await b.sync(manual);
    assertEquals([report.synchronized, report.conflicts], [true, []]);
    await a.sync();
    assertEquals(a.tree(), { "f.txt": "theirs\n", "mine.txt": "ours\n", "other": "1" });
    assertEquals(folderFacts(a.path), folderFacts(b.path));
  });
}

Deno.test("resolveConflicts() with --theirs after --both keeps what --both kept", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { b } = pair;
  await b.sync(manual);
  for (const take of ["both", "theirs"] as const) await resolve(b, "f.txt", { take });
  assert((await b.sync(manual)).synchronized);
  const { other: _, "f.txt": theirs, ...copies } = b.tree();
  assertEquals([theirs, Object.values(copies)], ["theirs\n", ["ours\n"]]);
});

Deno.test("resolveConflicts() removes a copy that was kept, or puts it in its place", async () => {
  await using server = await startServer();
  for (const take of ["ours", "theirs"] as const) {
    await using pair = await inConflict(server);
    const { a, b } = pair;
    await b.sync(policy("keep-both"));
    const [copy] = found(b);
    assertEquals([copy?.kind, copy?.path], ["copy", at("f.txt")]);
    await resolve(b, "f.txt", { take });
    await b.sync();
    await a.sync();
    assertEquals(a.tree(), { "f.txt": take === "ours" ? "theirs\n" : "ours\n", "other": "1" });
    assertEquals(folderFacts(a.path), folderFacts(b.path));
    a.remove("f.txt", "other");
    await a.sync({ confirmDeletes: 2 });
  }
});

Deno.test("resolveConflicts() asks which of several copies is meant", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { b } = pair;
  b.write({ "f.conflict-20260101-000000-x.txt": "1", "f.conflict-20260102-000000-y.txt": "2" });
  await b.sync();
  const failure = await assertRejects(() => resolve(b, "f.txt", { take: "theirs" }), Failure);
  assertEquals(failure.details.length, 3);
  await resolve(b, "f.conflict-20260102-000000-y.txt", { take: "theirs" });
  assertEquals(b.tree()["f.txt"], "2");
});

Deno.test("resolveConflicts() refuses to give up what the server never had and nobody was shown", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { b } = pair;
  await b.sync(policy("keep-both"));
  const [copy] = found(b);
  const copyPath = copy?.kind === "copy" ? copy.copy : "";
  b.write({ "f.txt": "edited since" });
  await assertRejects(() => resolve(b, "f.txt", { take: "theirs" }), Failure, "changed since the last run");
  await b.sync();
  b.write({ [copyPath]: "the copy was edited since" });
  await assertRejects(() => resolve(b, "f.txt", { take: "ours" }), Failure, "changed since the last run");
  assertEquals([b.tree()["f.txt"], b.tree()[copyPath]], ["edited since", "the copy was edited since"]);
  await b.sync();
  await resolve(b, "f.txt", { take: "ours" });
  assertEquals(b.tree()[copyPath], undefined);
});

Deno.test("resolveConflicts() decides about a copy that both sides changed, and not by the way about what it is of", async () => {
  await using server = await startServer();
  await using pair = await inConflict(server);
  const { a, b } = pair;
  await b.sync(policy("keep-both"));
  await a.sync();
  const [kept] = found(b);
  const copy = kept?.kind === "copy" ? kept.copy : at("none");
  a.write({ [copy]: "the copy, by a" });
  b.write({ [copy]: "the copy, by b" });
  await a.sync();
  await b.sync(manual);
  await assertRejects(() => resolve(b, "f.txt", { take: "ours" }), Failure, "would be lost");
  await resolve(b, copy, { take: "ours" });
  await b.sync(manual);
  await a.sync();
  assertEquals([a.tree()[copy], b.tree()[copy]], ["the copy, by b", "the copy, by b"]);
  a.write({ "f.txt": "once more by a" });
  b.write({ "f.txt": "once more by b" });
  await a.sync();
  await b.sync(manual);
  await assertRejects(() => resolve(b, copy, { take: "theirs" }), Failure, "would be lost");
  assertEquals(b.tree()["f.txt"], "once more by b");
});

Deno.test("resolveConflicts() changes nothing behind a link that took the place of a folder", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "d/f": "old" });
  await using b = await Replica.make(server.url);
  await a.sync();
  await b.sync();
  a.write({ "d/f": "theirs" });
  b.write({ "d/f": "ours" });
  await a.sync();
  await b.sync(manual);
  await using elsewhere = await TempFolder.make({ "f": "not ours" });
  Deno.removeSync(b.at("d"), { recursive: true });
  Deno.symlinkSync(elsewhere.path, b.at("d"));
  await assertRejects(() => resolve(b, "d/f", { take: "both" }), Failure, "is not a folder any more");
  assertEquals(readTree(elsewhere.path), { "f": "not ours" });
});

Deno.test("sync() keeps both where the server did not keep what both edited, which merging takes", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "t": "1\n2\n3\n4\n" });
  await using b = await Replica.make(server.url);
  await a.sync();
  await b.sync();
  a.write({ "t": "one\n2\n3\n4\n" });
  b.write({ "t": "1\n2\n3\nfour\n" });
  await a.sync();
  const ask = async (method: string, path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${server.url}/api/${path}`, { method, body: JSON.stringify(body) });
    assert(response.ok, await response.text());
  };
  await ask("PUT", "spaces/default/retention", { keep_versions: 1, keep_for_ms: null });
  await ask("POST", "gc", { grace_ms: 0 });
  const report = await b.sync({ conflicts: { rules: [], default: "merge" } });
  assertEquals(report.conflicts.map(({ path, outcome }) => [path, outcome]), [["t", "remote"]]);
  assertEquals(Object.values(b.tree()).sort(), ["1\n2\n3\nfour\n", "one\n2\n3\n4\n"]);
});

Deno.test("sync() merges texts that both sides edited in different places, and keeps both where they overlap", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "t": "1\r\n2\r\n3\r\n4\r\n5", "u": "x\n" });
  await using b = await Replica.make(server.url);
  await a.sync();
  await b.sync();
  a.write({ "t": "one\r\n2\r\n3\r\n4\r\n5", "u": "y\n" });
  b.write({ "t": "1\r\n2\r\n3\r\n4\r\nfive", "u": "z\n" });
  await a.sync();
  const report = await b.sync(policy("merge"));
  assertEquals(report.conflicts.map(({ path, outcome }) => [path, outcome]), [["t", "merged"], ["u", "remote"]]);
  await a.sync();
  assertEquals(folderFacts(a.path), folderFacts(b.path));
  assertEquals([a.tree()["t"], a.tree()["u"]], ["one\r\n2\r\n3\r\n4\r\nfive", "y\n"]);
  assertEquals(Object.values(a.tree()).sort(), ["one\r\n2\r\n3\r\n4\r\nfive", "y\n", "z\n"]);
});

Deno.test("sync() merges large texts, whose chunks it has to bring together", async () => {
  await using server = await startServer();
  const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`);
  await using a = await Replica.make(server.url, { "t": lines.join("") });
  await using b = await Replica.make(server.url);
  await a.sync();
  await b.sync();
  const edited = (index: number, text: string): string => lines.with(index, text).join("");
  a.write({ "t": edited(10, "from a\n") });
  b.write({ "t": edited(59_000, "from b\n") });
  await a.sync();
  const report = await b.sync(policy("merge"));
  assertEquals([report.synchronized, report.conflicts[0]?.outcome], [true, "merged"]);
  assertEquals(b.tree()["t"], lines.with(10, "from a\n").with(59_000, "from b\n").join(""));
});
