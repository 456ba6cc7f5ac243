import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromSource as dfs } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

async function folder(): Promise<TempFolder> {
  return await TempFolder.make({
    "w/.dfs/config.yaml": "ignore: ['*.iso']\n",
    "w/.dfsignore": "# what is built\nbuild/\n*.log\n",
    "w/build/out/.dfsignore": "never read",
    "w/sub/.dfsignore": "!keep.log\n",
    "w/sub/keep.log": "1",
  });
}

Deno.test("dfs ignore check says which rule decides, without a server", async () => {
  await using temp = await folder();
  const paths = ["build", "build/out/x", "sub/keep.log", "sub/x.log", "a.iso", "a~", "plain", "gone/build/"];
  const outcome = await dfs.run(["ignore", "check", ...paths], { cwd: `${temp.path}/w` });
  assertEquals([outcome.code, outcome.stderr], [0, ""]);
  assertEquals(outcome.stdout.trimEnd().split("\n"), [
    "build: ignored, by build/ (.dfsignore, line 2)",
    "build/out/x: ignored, by build/ (.dfsignore, line 2)",
    "sub/keep.log: not ignored, by !keep.log (sub/.dfsignore, line 1)",
    "sub/x.log: ignored, by *.log (.dfsignore, line 3)",
    "a.iso: ignored, by *.iso (configuration, line 1)",
    "a~: ignored, by *~ (built in)",
    "plain: not ignored",
    "gone/build: ignored, by build/ (.dfsignore, line 2)",
  ]);
});

Deno.test("dfs ignore check finds the synchronized folder from a folder in it, and speaks JSON", async () => {
  await using temp = await folder();
  const args = ["ignore", "check", "x.log", "../plain", "--json", "--ignore", "plain"];
  const outcome = await dfs.run(args, { cwd: `${temp.path}/w/sub` });
  assertEquals(JSON.parse(outcome.stdout), [
    { path: "sub/x.log", ignored: true, rule: "*.log", source: ".dfsignore", line: 3 },
    { path: "plain", ignored: true, rule: "plain", source: "configuration", line: 2 },
  ]);
  const elsewhere = await dfs.run(["ignore", "check", "--dir", `${temp.path}/w/sub`, "y.log"], { cwd: temp.path });
  assertStringIncludes(elsewhere.stdout, "sub/y.log: ignored, by *.log");
});

Deno.test("dfs ignore check refuses what lies outside, and to say nothing of anything", async () => {
  await using temp = await folder();
  const outside = await dfs.run(["ignore", "check", "../x"], { cwd: `${temp.path}/w` });
  assertEquals(outside.code, 2);
  assertStringIncludes(outside.stderr, '"../x" is no path in ');
  const none = await dfs.run(["ignore", "check"], { cwd: `${temp.path}/w` });
  assertEquals(none.code, 2);
  assertStringIncludes(none.stderr, "Write dfs ignore check PATH");
});

Deno.test("dfs ignore list shows built-in rules, those of the configuration, and those of every file", async () => {
  await using temp = await folder();
  const text = await dfs.run(["ignore", "list"], { cwd: `${temp.path}/w` });
  assertEquals([text.code, text.stderr], [0, ""]);
  assertStringIncludes(text.stdout, "built in:\n       .DS_Store ");
  const own =
    "configuration:\n    1  *.iso\n.dfsignore:\n    2  build/\n    3  *.log\nsub/.dfsignore:\n    1  !keep.log\n";
  assertEquals(text.stdout.slice(-own.length), own);
  const json = await dfs.run(["ignore", "list", `${temp.path}/w`, "--json"]);
  const rules = JSON.parse(json.stdout) as { source: string }[];
  assertEquals(rules.filter(({ source }) => source !== "built in"), [
    { source: "configuration", line: 1, rule: "*.iso" },
    { source: ".dfsignore", line: 2, rule: "build/" },
    { source: ".dfsignore", line: 3, rule: "*.log" },
    { source: "sub/.dfsignore", line: 1, rule: "!keep.log" },
  ] as never);
});
