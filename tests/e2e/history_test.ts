import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromSource as dfs, type Outcome, type ServerProcess } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

/** A server, a folder with three revisions behind it, and the times between them. */
async function past(): Promise<Past> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const server = stack.use(await dfs.serve(temp.folder("data")));
  const here = temp.folder("here", { "notes.txt": "one\ntwo\nthree\n", "docs/a": "a1", "docs/deep/b": "b1" });
  Deno.writeFileSync(`${here}/image`, bytesOf(300_000, 1));
  const run = (...args: string[]): Promise<Outcome> => dfs.run(args, { cwd: here });
  const push = async (...args: string[]): Promise<string> => {
    assertEquals((await run("push", ...args)).stderr, "");
    const [newest] = JSON.parse((await run("log", "--limit", "1", "--json")).stdout);
    return newest.committed_at;
  };
  const times = [await push("--remote", server.url)];
  temp.write({ "here/notes.txt": "one\n2\nthree\n", "here/docs/a": "a2", "here/docs/new": "n" });
  Deno.writeFileSync(`${here}/image`, bytesOf(300_000, 2));
  times.push(await push());
  Deno.removeSync(`${here}/docs`, { recursive: true });
  times.push(await push("--confirm-deletes", "10"));
  const owned = stack.move();
  return { temp, server, here, times, run, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface Past extends AsyncDisposable {
  readonly temp: TempFolder;
  readonly server: ServerProcess;
  readonly here: string;
  /** When each revision was committed. */
  readonly times: readonly string[];
  readonly run: (...args: string[]) => Promise<Outcome>;
}

/** Bytes that are no text. */
function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * index * seed + (index >> 7)) & 0xff);
}

function assertDone({ code, stderr }: Outcome): void {
  assertEquals([code, stderr], [0, ""]);
}

Deno.test("dfs cat writes a file as it is, as a version and as it was at a time, byte for byte", async () => {
  await using space = await past();
  const { run, times, here } = space;
  assertEquals((await run("cat", "notes.txt")).stdout, "one\n2\nthree\n");
  assertEquals((await run("cat", "notes.txt@1")).stdout, "one\ntwo\nthree\n");
  assertEquals((await run("cat", "docs/deep/b", "--at", times[1]!)).stdout, "b1");
  assertEquals((await run("cat", "docs/deep/b", "--at", "2")).stdout, "b1");
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--cached-only",
      new URL("../../main.ts", import.meta.url).pathname,
      "cat",
      "image@1",
    ],
    cwd: here,
  });
  assertEquals((await command.output()).stdout, bytesOf(300_000, 1));
  const gone = await run("cat", "docs/a");
  assertEquals([gone.code, gone.stdout], [1, ""]);
  assertStringIncludes(gone.stderr, '"docs/a" was deleted by its version 3\nWhat it was before is docs/a@2.');
  assertStringIncludes((await run("cat", "docs@1")).stderr, '"docs" is no file but a folder');
  assertStringIncludes((await run("cat", "notes.txt@9")).stderr, "has no version 9");
  assertEquals((await run("cat", "notes.txt@1", "--at", "1h")).code, 2);
  assertEquals((await run("cat", "notes.txt", "--at", "whenever")).code, 2);
  assertStringIncludes((await run("cat", "notes.txt", "--at", "2001-01-01")).stderr, "had no revision yet");
});

Deno.test("dfs cat reaches a file whose name ends like a version", async () => {
  await using space = await past();
  const { run, temp } = space;
  temp.write({ "here/me@7": "odd" });
  assertDone(await run("push"));
  assertEquals((await run("cat", "me@7", "--literal")).stdout, "odd");
  assertEquals((await run("cat", "me@7@1")).stdout, "odd");
  assertEquals((await run("cat", "me@7")).code, 1);
});

Deno.test("dfs diff shows what changed in a text, and of other files that they differ", async () => {
  await using space = await past();
  const { run, times } = space;
  const expected = "--- notes.txt@1\n+++ notes.txt@2\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";
  for (const args of [["notes.txt@1"], ["notes.txt@1", "notes.txt@2"], ["notes.txt", "--at", times[0]!]]) {
    const outcome = await run("diff", ...args);
    assertDone(outcome);
    assertEquals(outcome.stdout, expected);
  }
  const backwards = await run("diff", "notes.txt@2", "notes.txt@1");
  assertStringIncludes(backwards.stdout, "-2\n+two\n");
  assertEquals(await run("diff", "notes.txt@2"), { code: 0, stdout: "", stderr: "" });
  const binary = await run("diff", "image@1");
  assertDone(binary);
  assertEquals(binary.stdout, "Binary files image@1 (300 kB) and image@2 (300 kB) differ\n");
  const { equal, before, after } = JSON.parse((await run("diff", "image@1", "--json")).stdout);
  assertEquals([equal, before.size, after.version, before.hash === after.hash], [false, 300_000, 2, false]);
  assertEquals((await run("diff", "notes.txt")).code, 2);
  assertEquals((await run("diff", "docs/a@1")).code, 1);
});

Deno.test("dfs log lists the revisions of the space, and the versions of a path", async () => {
  await using space = await past();
  const { run, times } = space;
  const revisions = await run("log");
  assertDone(revisions);
  assertMatch(revisions.stdout, /^revision 3 .* \+0 -5 .*\nrevision 2 .* \+4 -0 .*\nrevision 1 .* \+6 -0 .*\n$/);
  assertEquals((await run("log", "--limit", "2")).stdout.split("\n").length, 3);
  const json = JSON.parse((await run("log", "--json")).stdout);
  assertEquals(json.map(({ committed_at }: { committed_at: string }) => committed_at), times.toReversed());
  assertMatch((await run("log", "docs/a")).stdout, /^v3 .* deleted\nv2 .* 2 B .*\nv1 .* 2 B .*\n$/);
});

Deno.test("dfs restore brings back a file, and the next pull has its bytes", async () => {
  await using space = await past();
  const { run, temp, server } = space;
  const restored = await run("restore", "image", "--version", "1");
  assertDone(restored);
  assertEquals(
    restored.stdout,
    'modified image\n1 restored, as of revision 1: space "default" is at revision 4\n' +
      "Folders get it with their next dfs sync or dfs pull\n",
  );
  assertDone(await run("pull"));
  assertEquals(Deno.readFileSync(`${space.here}/image`), bytesOf(300_000, 1));
  const there = temp.folder("there");
  assertDone(await dfs.run(["pull", there, "--remote", server.url]));
  assertEquals(Deno.readFileSync(`${there}/image`), bytesOf(300_000, 1));
  assertMatch((await run("log", "image")).stdout, /^v3 .* restore-.*\nv2 .*\nv1 .*\n$/);
});

Deno.test("dfs restore brings back a deleted folder as it was at a time", async () => {
  await using space = await past();
  const { run, times, here } = space;
  const preview = await run("restore", "docs", "--at", times[1]!, "--dry-run");
  assertDone(preview);
  assertStringIncludes(preview.stdout, "added    docs/deep/b\n");
  assertStringIncludes(preview.stdout, "Would be: 5 restored, as of revision 2");
  assertDone(await run("restore", "docs", "--at", times[1]!));
  assertDone(await run("pull"));
  const { "docs/a": a, "docs/deep/b": b, "docs/new": added } = readTree(here);
  assertEquals([a, b, added], ["a2", "b1", "n"]);
  const older = await run("restore", "docs", "--at", times[0]!, "--exact", "--json");
  const { revision, restored, deleted, changes } = JSON.parse(older.stdout);
  assertEquals([revision, restored, deleted], [5, 1, 1]);
  assertEquals(changes.map(({ path, change }: { path: string; change: string }) => `${change} ${path}`), [
    "modified docs/a",
    "deleted docs/new",
  ]);
});

Deno.test("dfs restore --all makes the space what it was, and history keeps everything", async () => {
  await using space = await past();
  const { run, times, here } = space;
  const before = JSON.parse((await run("log", "--json")).stdout);
  assertDone(await run("restore", "--all", "--at", times[0]!));
  assertDone(await run("pull", "--confirm-deletes", "10"));
  const tree = { ...readTree(here) };
  delete tree["image"];
  assertEquals(tree, {
    "docs/": "",
    "docs/a": "a1",
    "docs/deep/": "",
    "docs/deep/b": "b1",
    "notes.txt": "one\ntwo\nthree\n",
  });
  assertEquals(Deno.readFileSync(`${here}/image`), bytesOf(300_000, 1));
  const after = JSON.parse((await run("log", "--json")).stdout);
  assertEquals(after.slice(1), before);
  assertEquals([after[0].revision, after[0].root], [4, before[2].root]);
  assertEquals((await run("cat", "notes.txt@2")).stdout, "one\n2\nthree\n");
  const again = await run("restore", "--all", "--at", times[0]!);
  assertEquals(again.stdout, "Nothing to restore: it is what it was at revision 1\n");
});

Deno.test("dfs restore refuses what is unclear, and names what is in the way", async () => {
  await using space = await past();
  const { run, temp, here } = space;
  const usage = [[], ["notes.txt"], ["--all"], ["notes.txt", "--all", "--at", "1h"], ["--all", "--version", "1"]];
  usage.push(["notes.txt", "--version", "1", "--at", "1h"], ["notes.txt", "--at", "soon"], ["docs", "--version", "1"]);
  for (const args of usage) assertEquals((await run("restore", ...args)).code, 2, args.join(" "));
  assertEquals((await run("restore", "never", "--version", "1")).code, 1);
  Deno.removeSync(`${here}/notes.txt`);
  temp.write({ "here/notes.txt/inside": "x" });
  assertDone(await run("push", "--confirm-deletes", "1"));
  const blocked = await run("restore", "notes.txt", "--version", "1");
  assertEquals(blocked.code, 1);
  assertStringIncludes(
    blocked.stderr,
    '1 paths that were added since are in the way of "notes.txt"\n  "notes.txt/inside"',
  );
  assertDone(await run("restore", "notes.txt", "--version", "1", "--exact"));
  assertEquals((await run("cat", "notes.txt")).stdout, "one\ntwo\nthree\n");
});
