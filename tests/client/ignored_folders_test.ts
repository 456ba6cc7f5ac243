import { assertEquals, assertRejects } from "@std/assert";
import { Failure, rootPath } from "../../lib/core/mod.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

/** Two replicas in step with a server; the second ignores `*.tmp` and has its own `.dfsignore`. */
async function setUp(files: Readonly<Record<string, string>>) {
  const server = await startServer();
  const a = await Replica.make(server.url, files);
  const b = await Replica.make(server.url);
  await a.push();
  const stack = new AsyncDisposableStack();
  for (const one of [server, a, b]) stack.use(one);
  return { a, b, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const ignore = ["*.tmp"];

for (const direction of ["sync", "pull"] as const) {
  Deno.test(`${direction}() makes a folder that holds something ignored and something else`, async () => {
    await using both = await setUp({ "d/e/x.tmp": "ignored", "d/f/g": "wanted", "h/x.tmp": "ignored" });
    const report = await both.b[direction]({ ignore });
    assertEquals([report.problems, report.synchronized], [[], true]);
    assertEquals(Object.keys(both.b.tree()), ["d/", "d/f/", "d/f/g"]);
    assertEquals((await both.b[direction]({ ignore })).changes, []);
  });
}

Deno.test("sync() keeps a folder on the server that holds something ignored, and a copy of the file in its place", async () => {
  await using both = await setUp({ "d/x.tmp": "ignored", "d/f": "known" });
  await both.b.sync({ ignore });
  both.b.remove("d");
  both.b.write({ d: "a file now" });
  const report = await both.b.sync({ ignore });
  assertEquals([report.problems, report.synchronized], [[], true]);
  await both.a.sync();
  const tree = both.a.tree();
  const copy = Object.keys(tree).find((path) => path.startsWith("d.conflict-"));
  assertEquals(
    [tree["d/x.tmp"], tree[copy ?? ""]].map((fact) => fact?.includes("ignored") || fact?.includes("file now")),
    [
      true,
      true,
    ],
  );
  assertEquals((await both.b.sync({ ignore })).changes, []);
});

Deno.test("sync() keeps such a folder, too, where it began to ignore things only now", async () => {
  await using both = await setUp({ "d/e/x.tmp": "ignored", "d/e/f": "known" });
  await both.b.sync();
  both.b.remove("d");
  both.b.write({ d: "a file now" });
  const report = await both.b.sync({ ignore });
  assertEquals([report.problems, report.synchronized], [[], true]);
  await both.a.sync();
  assertEquals(Object.keys(both.a.tree()).filter((path) => path.startsWith("d/")), ["d/", "d/e/", "d/e/x.tmp"]);
});

Deno.test("push() refuses to bury what is ignored under a file", async () => {
  await using both = await setUp({ "d/x.tmp": "ignored" });
  await both.b.sync({ ignore });
  both.b.write({ d: "a file" });
  const refusal = await assertRejects(() => both.b.push({ ignore, force: true }), Failure);
  assertEquals([refusal.kind, refusal.details], ["refused", ["d"]]);
});

for (const direction of ["sync", "pull"] as const) {
  Deno.test(`${direction}() goes on where it brought other rules of what is ignored`, async () => {
    await using both = await setUp({ ".dfsignore": "*.tmp\n", "f": "known" });
    await both.b[direction]();
    both.a.remove(".dfsignore");
    both.a.write({ "d/x.tmp": "not ignored any more" });
    await both.a.push();
    const report = await both.b[direction]();
    assertEquals([report.synchronized, both.b.tree()["d/x.tmp"] !== undefined], [true, true]);
    assertEquals(report.changes.map(({ path, change }) => `${change} ${path}`).sort(), [
      "added d",
      "added d/x.tmp",
      "deleted .dfsignore",
    ]);
    assertEquals((await both.b[direction]()).changes, []);
  });
}

Deno.test("sync() of changed folders alone looks at all of them where it brought other rules", async () => {
  await using both = await setUp({ ".dfsignore": "*.tmp\n", "f": "known" });
  await both.b.sync();
  both.b.write({ "d/x.tmp": "ignored so far" });
  await both.b.sync();
  both.a.remove(".dfsignore");
  await both.a.push();
  const report = await both.b.sync({ changed: new Set() });
  await both.a.sync();
  assertEquals([report.synchronized, both.a.tree()], [true, both.b.tree()]);
});

for (const [what, before, after] of [["adds", "", "*.tmp\n"], ["removes", "*.tmp\n", ""]] as const) {
  Deno.test(`sync() of changed folders alone looks at all of them where the user ${what} rules`, async () => {
    await using both = await setUp({ ".dfsignore": before, "f": "known" });
    await both.b.sync();
    both.b.write({ "d/x.tmp": "ignored before or after" });
    await both.b.sync();
    both.b.write({ ".dfsignore": after });
    both.b.write({ "d/x.tmp": "ignored before or after, and edited" });
    const report = await both.b.sync({ changed: new Set([rootPath]) });
    await both.a.sync({ ignore: [] });
    const there = Object.keys(both.a.tree()).includes("d/x.tmp");
    assertEquals([report.synchronized, there, (await both.b.sync()).changes], [true, true, []]);
  });
}

Deno.test("sync() of changed folders alone sends no folder that holds nothing but what is ignored", async () => {
  await using both = await setUp({ "f": "known" });
  both.b.write({ ".dfsignore": "x\n", "d/x": "ignored" });
  await both.b.sync();
  assertEquals((await both.b.sync({ changed: new Set() })).changes, []);
});
