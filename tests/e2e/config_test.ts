import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromSource as dfs } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("dfs config shows every setting with its value and where it comes from", async () => {
  await using temp = await TempFolder.make({ "w/.dfs/config.yaml": "limit_up: 2MB\nretries: 1\nignore: ['*.iso']\n" });
  const env = { DFS_RETRIES: "2", DFS_IGNORE: "*.log" };
  const json = await dfs.run(["config", "w", "--retries", "3", "--json"], { cwd: temp.path, env });
  assertEquals([json.code, json.stderr], [0, ""]);
  const settings = new Map((JSON.parse(json.stdout) as { key: string }[]).map(({ key, ...rest }) => [key, rest]));
  const file = { from: "file", name: "w/.dfs/config.yaml" };
  assertEquals(settings.get("limit_up"), { value: 2_000_000, origins: [file] } as never);
  assertEquals(settings.get("retries"), { value: 3, origins: [{ from: "option", name: "--retries" }] } as never);
  assertEquals(settings.get("ignore"), {
    value: ["*.iso", "*.log"],
    origins: [{ from: "environment", name: "DFS_IGNORE" }, file],
  } as never);
  assertEquals(settings.get("remote"), { value: null, origins: [{ from: "default", name: "" }] } as never);

  const text = await dfs.run(["config", "w"], { cwd: temp.path });
  assertStringIncludes(text.stdout, "limit_up       2MB              w/.dfs/config.yaml\n");
  assertStringIncludes(text.stdout, "transfers      3                default\n");
  assertEquals(text.stdout.trimEnd().split("\n").length, settings.size);
});

Deno.test("dfs config refuses what is not as it must be, with exit code 2", async () => {
  await using temp = await TempFolder.make({ ".dfs/config.yaml": "limitup: 2MB\n" });
  const file = await dfs.run(["config"], { cwd: temp.path });
  assertEquals([file.code, file.stdout], [2, ""]);
  assertEquals(file.stderr, 'dfs: Unknown key "limitup" in ".dfs/config.yaml"\nDid you mean limit_up?\n');
  const variable = await dfs.run(["config", "."], { cwd: "/", env: { DFS_LIMIT_UP: "fast" } });
  assertEquals(variable.code, 2);
  assertStringIncludes(
    variable.stderr,
    'DFS_LIMIT_UP must be bytes a second such as 500K, 2MB or 65536, 10KB at least, or off, got "fast"',
  );
});
