import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { version } from "../../lib/version.ts";
import { fromSource as dfs } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

Deno.test("dfs version names the version of deno.json and what it runs on", async () => {
  const { code, stdout } = await dfs.run(["version"]);
  assertEquals(code, 0);
  assertEquals(stdout, `dfs ${version} (deno ${Deno.version.deno}, ${Deno.build.target})\n`);
});

Deno.test("dfs help lists every command, and explains each of them", async () => {
  const overview = await dfs.run(["help"]);
  assertEquals([overview.code, overview.stderr], [0, ""]);
  assertEquals(overview.stdout, (await dfs.run([])).stdout);
  const names = [...overview.stdout.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!);
  for (const name of ["serve", "push", "pull", "status", "ls", "log", "demo", "version", "help"]) {
    assert(names.includes(name), `dfs help does not list ${name}`);
  }
  const pages = await Promise.all(names.map((name) => dfs.run(["help", name])));
  for (const [index, page] of pages.entries()) {
    assertEquals(page.code, 0);
    assertStringIncludes(page.stdout, `Usage: dfs ${names[index]}`);
  }
});

Deno.test("dfs COMMAND --help says the same as dfs help COMMAND", async () => {
  const [long, short, page] = await Promise.all([
    dfs.run(["push", "--help"]),
    dfs.run(["push", "somewhere", "-h"]),
    dfs.run(["help", "push"]),
  ]);
  assertEquals(long, page);
  assertEquals(short, page);
});

Deno.test("dfs push and pull carry files, empty folders, links, modes and times from one folder to another", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "a.txt": "a", "deep/er/b.txt": "bb", "run.sh": "#!/bin/sh\n", "naïve 💾": "" });
  temp.folder("here/empty");
  Deno.symlinkSync("deep/er/b.txt", `${here}/link`);
  Deno.chmodSync(`${here}/run.sh`, 0o755);
  Deno.utimeSync(`${here}/a.txt`, new Date(86_400_000), new Date(1_234_567_890_123));

  const pushed = await dfs.run(["push", here, "--remote", server.url]);
  assertEquals([pushed.code, pushed.stderr], [0, ""]);
  assertMatch(pushed.stdout, /^8 added, .*: space "default" synchronized at revision 1 \(4 files, 13 B\)\n$/);

  const there = temp.folder("there");
  const pulled = await dfs.run(["pull", there, "--remote", server.url]);
  assertEquals([pulled.code, pulled.stderr], [0, ""]);
  assertEquals(readTree(there), readTree(here));
  assertEquals(Deno.statSync(`${there}/run.sh`).mode! & 0o777, 0o755);
  assertEquals(Deno.statSync(`${there}/a.txt`).mtime, new Date(1_234_567_890_123));
});

Deno.test("dfs remembers server and space, and the next push and pull carry what changed", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "keep": "1", "edit": "old", "drop": "3" });
  const there = temp.folder("there");
  await dfs.run(["push", here, "--remote", server.url, "--space", "team"]);
  await dfs.run(["pull", there, "--remote", server.url, "--space", "team"]);

  temp.write({ "here/edit": "newer", "here/made": "4" });
  Deno.removeSync(`${here}/drop`);
  const pushed = await dfs.run(["push"], { cwd: here });
  assertEquals([pushed.code, pushed.stderr], [0, ""]);
  assertStringIncludes(pushed.stdout, 'space "team" synchronized at revision 2');
  const pulled = await dfs.run(["pull"], { cwd: there });
  assertEquals([pulled.code, pulled.stderr], [0, ""]);
  assertEquals(readTree(there), { edit: "newer", keep: "1", made: "4" });

  for (const [command, cwd] of [["push", here], ["pull", there]] as const) {
    const again = await dfs.run([command], { cwd });
    assertEquals(again.code, 0);
    assertMatch(again.stdout, /^No changes: space "team" synchronized at revision 2 /);
  }
});

Deno.test("dfs push --dry-run and pull --dry-run say what they would do, and change nothing", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "a": "1" });
  const there = temp.folder("there");
  const remote = ["--remote", server.url, "--space", "dry"];

  const push = await dfs.run(["push", here, "--dry-run", ...remote]);
  assertEquals(push, { code: 0, stdout: 'added    a\n1 added would be pushed to space "dry"\n', stderr: "" });
  assertEquals([...Deno.readDirSync(here)].map(({ name }) => name), ["a"]);
  const missing = await dfs.run(["pull", there, ...remote]);
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, 'has no space "dry"');

  await dfs.run(["push", here, ...remote]);
  const unpulled = temp.folder("unpulled");
  const pull = await dfs.run(["pull", unpulled, "--dry-run", ...remote]);
  assertEquals(pull, { code: 0, stdout: 'added    a\n1 added would be pulled from space "dry"\n', stderr: "" });
  assertEquals([...Deno.readDirSync(unpulled)], []);
});

Deno.test("dfs status, ls and log tell where folder and space stand", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "a.txt": "1", "sub/b.txt": "22" });
  await dfs.run(["push", here, "--remote", server.url]);
  temp.write({ "here/a.txt": "changed" });

  const changed = await dfs.run(["status", here]);
  assertEquals(changed.code, 0);
  assertStringIncludes(changed.stdout, "Changed here:\n  modified a.txt\n");
  await dfs.run(["push", here]);
  const status = await dfs.run(["status", here]);
  assertStringIncludes(status.stdout, "\nSynchronized at revision 2\n");

  const top = await dfs.run(["ls", "--dir", here]);
  assertMatch(top.stdout, /^0\d{3} +7 B .* v2 +a\.txt\n0\d{3} +folder +v1 +sub\/\n$/);
  const below = await dfs.run(["ls", "sub/"], { cwd: here });
  assertMatch(below.stdout, / 2 B .* v1 +b\.txt\n$/);
  const log = await dfs.run(["log", "a.txt"], { cwd: here });
  assertMatch(log.stdout, /^v2 +revision 2 .* 7 B .*\nv1 +revision 1 .* 1 B .*\n$/);
});

Deno.test("--json prints one JSON value and nothing else, --quiet prints nothing", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const here = temp.folder("here", { "a.txt": "1" });
  const json = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await dfs.run([...args, "--json"], { cwd: here });
    assertEquals([code, stderr], [0, ""]);
    return JSON.parse(stdout);
  };
  const expected = { direction: "push", revision: 1, synchronized: true, files: 1, totalBytes: 1, problems: [] };
  const report = await json("push", "--remote", server.url) as Record<string, unknown>;
  assertEquals(Object.fromEntries(Object.keys(expected).map((key) => [key, report[key]])), expected);
  assertMatch(JSON.stringify(report.changes), /^\[\{"path":"a\.txt","change":"added",/);
  assertEquals((await json("pull") as Record<string, unknown>).changes, []);
  assertEquals((await json("status") as Record<string, unknown>).synchronized, true);
  assertEquals((await json("ls") as { path: string }[]).map(({ path }) => path), ["a.txt"]);
  assertEquals((await json("log", "a.txt") as { version: number }[]).map(({ version }) => version), [1]);

  temp.write({ "here/b.txt": "2" });
  assertEquals(await dfs.run(["push", "--quiet"], { cwd: here }), { code: 0, stdout: "", stderr: "" });
});

Deno.test("dfs serve --examples adds the example routes", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"), ["--examples"]);
  const hello = await fetch(`${server.url}/hello`);
  assertEquals([hello.status, await hello.text()], [200, "Hello, World!"]);
  const post = await fetch(`${server.url}/users/7/posts/12`);
  assertEquals(await post.json(), { id: "7", postId: "12" });
});

Deno.test({
  name: "dfs serve ends cleanly on SIGINT and SIGTERM, and serves the same data when it starts again",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using temp = await TempFolder.make();
    const data = temp.folder("data");
    const here = temp.folder("here", { "a.txt": "1" });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await using server = await dfs.serve(data);
      const pushed = await dfs.run(["push", here, "--remote", server.url]);
      assertEquals([pushed.code, pushed.stderr], [0, ""]);
      const ended = await server.end(signal);
      assertEquals(ended, { code: 0, stdout: "", stderr: `${signal}: finishing what is in flight\n` });
    }
    await using server = await dfs.serve(data);
    const there = temp.folder("there");
    assertEquals((await dfs.run(["pull", there, "--remote", server.url])).code, 0);
    assertEquals(readTree(there), { "a.txt": "1" });
  },
});
