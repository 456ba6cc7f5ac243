import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tryLockFile } from "../../lib/core/mod.ts";
import { LineProgram } from "../support/line_program.ts";
import { fromSource as dfs } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

/** A line of `dfs watch --json`, as far as it is looked at here. */
interface WatchLine {
  readonly event: string;
  readonly folder?: string;
  readonly revision?: number;
  readonly synchronized?: boolean;
  readonly retryMs?: number | null;
}

function watch(folder: string, ...args: readonly string[]): LineProgram<WatchLine> {
  return new LineProgram(["watch", folder, "--json", "--settle", "50ms", ...args]);
}

/** Whether a line says that a run ended in step with the server, at a revision or a later one. */
function inStep(revision: number): (line: WatchLine) => boolean {
  return (line) => line.event === "synced" && line.synchronized === true && line.revision! >= revision;
}

function isLocked(folder: string): boolean {
  using lock = tryLockFile(`${folder}/.dfs/lock`);
  return lock === undefined;
}

Deno.test("dfs watch keeps two folders in step, says so in JSON, and ends by SIGINT", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const [a, b] = [temp.folder("a", { "f": "1" }), temp.folder("b")];
  await using first = watch(a, "--remote", server.url);
  await first.until(inStep(1));
  await using second = watch(b, "--remote", server.url);
  await second.until(inStep(1));
  assertEquals(readTree(b), { "f": "1" });
  temp.write({ "b/f": "2" });
  await first.until(inStep(2));
  temp.write({ "a/g": "3" });
  await second.until(inStep(3));
  assertEquals([readTree(a), readTree(b)], [{ "f": "2", "g": "3" }, { "f": "2", "g": "3" }]);

  const beside = await dfs.run(["sync", a]);
  assertEquals(beside.code, 1);
  assertStringIncludes(beside.stderr, "Another dfs is at work");
  const looks = [["status", a], ["conflicts", "--dir", a], ["log", "--dir", a], ["config", a]];
  for (const look of looks) assertEquals((await dfs.run(look)).code, 0, look.join(" "));

  for (const [client, folder] of [[first, a], [second, b]] as const) {
    assertEquals(isLocked(folder), true);
    assertEquals(await client.end(), { code: 0, stderr: "" });
    assertEquals(isLocked(folder), false);
    assertEquals(client.printed[0], { ...client.printed[0]!, event: "watching", folder });
    assertEquals(client.printed.at(-1)!.event, "ending");
  }
  assertStringIncludes((await dfs.run(["sync", a])).stdout, "No changes");
});

Deno.test("dfs sync --confirm-deletes tells a dfs watch at work what the user agrees to", async () => {
  const names = Array.from({ length: 14 }, (_, number) => `${number}`);
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const folder = temp.folder("a", Object.fromEntries([...names, "stays"].map((name) => [name, name])));
  await using client = watch(folder, "--remote", server.url);
  await client.until(inStep(1));
  for (const name of names) Deno.removeSync(`${folder}/${name}`);
  await client.until(({ event, retryMs }) => event === "failed" && retryMs === null);
  const look = await dfs.run(["sync", folder, "--confirm-deletes", "14", "--dry-run"]);
  assertStringIncludes(look.stdout, "14 deleted");
  const other = await dfs.run(["sync", folder, "--confirm-deletes", "14", "--space", "other"]);
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "Another dfs is at work");
  const told = await dfs.run(["sync", folder, "--confirm-deletes", "14"]);
  assertEquals([told.code, told.stderr], [0, ""]);
  assertStringIncludes(told.stdout, "Told the dfs watch at work");
  await client.until(inStep(2));
  const listed = await dfs.run(["ls", "--json", "--dir", folder]);
  assertEquals(JSON.parse(listed.stdout).length, 1);
});

Deno.test("dfs watch that was ended with SIGKILL in the middle goes on where it was", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`${number}`, `${number}`.repeat(3000)]));
  const [a, b] = [temp.folder("a"), temp.folder("b")];
  await using killed = watch(a, "--remote", server.url);
  await killed.until(({ event }) => event === "synced");
  temp.folder("a", files);
  await killed.until(({ event }) => event === "begun");
  assertEquals((await killed.end("SIGKILL")).code, 137);
  temp.write({ "a/after": "x" });
  await using again = watch(a);
  await again.until(({ event, synchronized }) => event === "synced" && synchronized === true);
  assertEquals((await again.end()).code, 0);
  assertEquals((await dfs.run(["pull", b, "--remote", server.url])).code, 0);
  assertEquals(readTree(b), readTree(a));
  assertEquals(Object.keys(readTree(b)).length, 301);
});

Deno.test("dfs watch begins without a server, tells of that once, and says when it answers again", async () => {
  await using temp = await TempFolder.make({ "a/f": "1" });
  const [data, folder] = [temp.folder("data"), `${temp.path}/a`];
  const { url, port } = await (async () => {
    await using server = await dfs.serve(data);
    return { url: server.url, port: new URL(server.url).port };
  })();
  const args = ["watch", folder, "--settle", "50ms", "--remote", url];
  await using client = await dfs.start(args, { until: /^Watching .*\n/ });
  assertStringIncludes(client.said, folder);
  await using waiting = watch(temp.folder("b"), "--remote", url);
  let failures = 0;
  await waiting.until(({ event }) => event === "failed" && ++failures === 2);
  await using server = await dfs.serve(data, ["--port", port]);
  await waiting.until(inStep(1));
  const { code, stdout, stderr } = await client.end("SIGINT");
  assertEquals([code, server.url], [0, url]);
  assertMatch(stdout, /^Connected again\nup: 1 added, .* synchronized at revision 1 /);
  assertEquals(stderr.match(/No server answers/g)?.length ?? 0, 1, stderr);
  assertEquals(stderr.trimEnd().split("\n").length <= 3, true, stderr);
});

Deno.test("dfs watch finishes its run after one SIGINT, and ends at once after two", async () => {
  await using temp = await TempFolder.make({ "a/f": "1" });
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using client = watch(`${temp.path}/a`, "--remote", `http://127.0.0.1:${silent.addr.port}`);
  await client.until(({ event }) => event === "begun");
  client.interrupt();
  await client.until(({ event }) => event === "ending");
  assertEquals((await client.end()).code, 130);
  assertEquals(isLocked(`${temp.path}/a`), false);
});
