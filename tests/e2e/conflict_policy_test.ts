import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromSource as dfs } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("dfs conflicts policy sets what dfs sync goes by on every machine, and the audit journal tells of it", async () => {
  await using temp = await TempFolder.make({ "a/t.md": "1\n2\n3\n4\n", "a/f": "old", "b/x": "" });
  const [a, b, data] = ["a", "b", "data"].map((name) => `${temp.path}/${name}`) as [string, string, string];
  {
    await using server = await dfs.serve(data);
    for (const folder of [a, b, a]) {
      assertEquals((await dfs.run(["sync", folder, "--remote", server.url])).code, 0);
    }
    const policy = (...args: readonly string[]) => dfs.run(["conflicts", "policy", "--dir", a, ...args]);
    assertEquals((await policy()).stdout, "The space leaves it to its clients\n");
    const set = await policy("--set", "*.md=merge", "--set", "manual");
    assertEquals([set.code, set.stdout], [0, "*.md: merge\nAny other path: manual\n"]);
    temp.write({ "a/t.md": "one\n2\n3\n4\n", "a/f": "of a", "b/t.md": "1\n2\n3\nfour\n", "b/f": "of b, longer" });
    assertEquals((await dfs.run(["sync", a])).code, 0);
    const run = await dfs.run(["sync", b, "--json"]);
    const { conflicts } = JSON.parse(run.stdout);
    assertEquals(conflicts.map(({ path, policy, outcome }: Record<string, string>) => [path, policy, outcome]), [
      ["f", "manual", "manual"],
      ["t.md", "merge", "merged"],
    ]);
    assertEquals(Deno.readTextFileSync(`${b}/t.md`), "one\n2\n3\nfour\n");
    assertStringIncludes((await dfs.run(["config", b])).stdout, "those of the space (dfs conflicts policy)");
    assertStringIncludes((await dfs.run(["conflicts", "--dir", b])).stdout, "waiting  f:");
  }
  const at = ["conflicts", "policy", "--data-dir", data];
  assertEquals(JSON.parse((await dfs.run([...at, "--json"])).stdout), {
    rules: [{ pattern: "*.md", policy: "merge" }],
    default: "manual",
  });
  assertEquals((await dfs.run([...at, "--clear"])).stdout, "The space leaves it to its clients\n");
  const journal = Deno.readTextFileSync(`${data}/audit.jsonl`);
  assertEquals(journal.match(/"policies":"[^"]*"/g), ['"policies":"*.md=merge,manual"', '"policies":""']);
});

Deno.test("dfs conflicts policy refuses what makes no sense, and says why", async () => {
  const refusals: readonly (readonly [args: readonly string[], text: string])[] = [
    [["--set", "theirs"], 'got "theirs" for "default"'],
    [["--set", "*.md=ours"], 'got "ours" for "*.md"'],
    [["--set", "docs/=merge"], 'the pattern "docs/": no path ends with a slash: write docs/**'],
    [["--set", "merge", "--clear"], "exclude each other"],
    [["extra"], "one argument too many"],
  ];
  for (const [args, text] of refusals) {
    const { code, stderr } = await dfs.run(["conflicts", "policy", "--remote", "http://127.0.0.1:1", ...args]);
    assertEquals(code, 2, args.join(" "));
    assertStringIncludes(stderr, text);
  }
});

Deno.test("dfs help tells of dfs conflicts policy, and of dfs conflicts where it belongs", async () => {
  assertStringIncludes((await dfs.run(["help", "conflicts"])).stdout, "See also: dfs help conflicts policy.");
  for (const args of [["help", "conflicts", "policy"], ["conflicts", "policy", "--help"]]) {
    assertStringIncludes((await dfs.run(args)).stdout, "Usage: dfs conflicts policy [OPTIONS]");
  }
});
