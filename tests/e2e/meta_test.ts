import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromSource as dfs, sourceRoot } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

const untidy = `# The plan
file_metadata:
- name: plans/a.txt   # the first
  version: 1
  size: 5
  last_modified: "2024-01-15T10:30:00Z"
`;
const broken = "file_metadata:\n  name: x\n  size: 5\n  last_modified: 0\n  verison: 3\n";

/** Runs the program with some text as its standard input. */
async function pipe(args: readonly string[], input: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "--cached-only", `${sourceRoot}main.ts`, ...args],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  await new Blob([input]).stream().pipeTo(process.stdin);
  const { code, stdout, stderr } = await process.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("dfs meta check shows every mistake as compilers do, and ends with exit code 1", async () => {
  await using temp = await TempFolder.make({
    "good.ddl": untidy,
    "bad.ddl": broken,
    "bad.json": '{"file_path":"../x","size":1}',
  });
  const good = await dfs.run(["meta", "check", "good.ddl"], { cwd: temp.path });
  assertEquals([good.code, good.stdout, good.stderr], [0, "good.ddl: 1 entries, no mistakes\n", ""]);
  const bad = await dfs.run(["meta", "check", "good.ddl", "bad.ddl", "bad.json", "--quiet"], { cwd: temp.path });
  assertEquals([bad.code, bad.stdout], [1, ""]);
  assertStringIncludes(bad.stderr, 'error[unknown-key]: The key "verison" is unknown\n --> bad.ddl:5:3\n');
  assertStringIncludes(bad.stderr, 'bad.json#/file_path: The name ".." in "../x"');
  assertEquals(bad.stderr.includes("\u001b"), false);
  const json = await dfs.run(["meta", "check", "bad.ddl", "--json"], { cwd: temp.path });
  const [result] = JSON.parse(json.stdout);
  assertEquals([json.code, result.file, result.mistakes.at(-1).line], [1, "bad.ddl", 5]);
});

Deno.test("dfs meta check and fmt read standard input for -", async () => {
  const checked = await pipe(["meta", "check", "-"], broken);
  assertEquals(checked.code, 1);
  assertStringIncludes(checked.stderr, " --> <stdin>:5:3");
  const formatted = await pipe(["meta", "fmt", "-"], untidy);
  assertEquals([formatted.code, formatted.stderr], [0, ""]);
  assertEquals((await pipe(["meta", "fmt", "-"], formatted.stdout)).stdout, formatted.stdout);
  assertEquals((await pipe(["meta", "fmt", "--write", "-"], untidy)).code, 2);
});

Deno.test("dfs meta fmt prints the canonical form, and with -w writes it", async () => {
  await using temp = await TempFolder.make({ "a.ddl": untidy, "bad.ddl": broken.replace("verison", "a: [b") });
  const cwd = temp.path;
  const printed = await dfs.run(["meta", "fmt", "a.ddl"], { cwd });
  assertStringIncludes(printed.stdout, '# The plan\nfile_metadata:\n  - name: "plans/a.txt" # the first\n');
  assertEquals(Deno.readTextFileSync(`${cwd}/a.ddl`), untidy);
  assertEquals((await dfs.run(["meta", "fmt", "--check", "a.ddl"], { cwd })).code, 1);
  assertEquals((await dfs.run(["meta", "fmt", "-w", "a.ddl"], { cwd })).code, 0);
  assertEquals(Deno.readTextFileSync(`${cwd}/a.ddl`), printed.stdout);
  assertEquals((await dfs.run(["meta", "fmt", "--check", "a.ddl"], { cwd })).code, 0);
  assertEquals((await dfs.run(["meta", "fmt", "-w", "bad.ddl"], { cwd })).code, 1);
  assertEquals([...Deno.readDirSync(cwd)].length, 2);
});

Deno.test("dfs meta add, get, list, history, rm, export and import talk to a server", async () => {
  await using temp = await TempFolder.make({ "a.ddl": untidy });
  await using server = await dfs.serve(temp.folder("data"));
  const tree = temp.folder("tree", { "docs/b.txt": "b", "c.txt": "c" });
  const remote = ["--remote", server.url];
  const meta = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await dfs.run(["meta", ...args, ...remote], { cwd: temp.path });
    assertEquals([code, stderr], [0, ""], args.join(" "));
    return stdout;
  };
  assertEquals((await dfs.run(["push", tree, ...remote])).code, 0);
  assertMatch(await meta("add", "a.ddl"), /^pending +v1 +5 B +2024-01-15T10:30:00Z +- +plans\/a\.txt\n$/);
  assertMatch(await meta("get", "plans/a.txt"), /^file_metadata:\n {2}name: "plans\/a\.txt"\n/);
  assertEquals(JSON.parse(await meta("get", "/docs/b.txt", "--json")).state, "synced");
  assertEquals((await meta("list")).trim().split("\n").map((line) => line.split(/ {2,}/).at(-1)), [
    "c.txt",
    "docs/",
    "docs/b.txt",
    "plans/a.txt",
  ]);
  assertMatch(await meta("list", "--state", "pending", "--glob", "**/*.txt"), /^pending .* plans\/a\.txt\n$/);
  assertMatch(await meta("history", "plans/a.txt"), /^v1 {2}pending /);

  await meta("export", "-o", "all.dfsm");
  const put = await fetch(`${server.url}/api/spaces/copy`, { method: "PUT" });
  await put.body?.cancel();
  assertEquals(await meta("import", "all.dfsm", "--space", "copy"), "4 paths imported\n");
  assertEquals(await meta("import", "all.dfsm", "--space", "copy"), "4 paths imported\n");
  for (const form of ["ddl", "json"]) {
    const exported = await meta("export", "docs/", "--form", form, "--space", "copy");
    assertStringIncludes(exported, "docs/b.txt");
    assertEquals((await pipe(["meta", "check", "-"], exported)).stdout, "<stdin>: 1 entries, no mistakes\n");
  }

  assertEquals(await meta("rm", "plans/a.txt", "--version", "1"), "deleted  plans/a.txt\n");
  await meta("rm", "docs/b.txt");
  const missing = await dfs.run(["meta", "get", "docs/b.txt", ...remote], { cwd: temp.path });
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, 'dfs: The server says: Nothing is known of "docs/b.txt"');
  // What a folder remembers need not be told.
  const inTree = await dfs.run(["meta", "list", "--json"], { cwd: tree });
  assertEquals(inTree.stdout.trim().split("\n").map((line) => JSON.parse(line).file_path), ["c.txt", "docs"]);
});

Deno.test("dfs meta alone lists its commands, and a wrong one is said so", async () => {
  const overview = await dfs.run(["meta"]);
  assertEquals(overview.code, 0);
  for (const name of ["check", "fmt", "add", "get", "list", "rm", "history", "export", "import"]) {
    assert(overview.stdout.includes(`meta ${name} `));
  }
  const wrong = await dfs.run(["meta", "chek"]);
  assertEquals([wrong.code, wrong.stderr], [
    2,
    'dfs: There is no command "meta chek"\nDid you mean dfs meta check?\n',
  ]);
  assertStringIncludes((await dfs.run(["help", "meta", "fmt"])).stdout, "-w, --write");
  assertStringIncludes((await dfs.run(["meta", "fmt", "--help"])).stdout, "-w, --write");
  for (const command of ["check", "add", "get"]) assertEquals((await dfs.run(["meta", command])).code, 2);
});
