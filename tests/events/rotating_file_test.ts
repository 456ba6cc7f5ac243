import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { RotatingFile } from "../../lib/events/mod.ts";
import { TemporaryFolder } from "./fakes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await Deno.readTextFile(join(folder, name))])),
  );
}

Deno.test("RotatingFile begins anew when a file is full, and keeps as many as it is told", async () => {
  await using folder = await TemporaryFolder.make();
  const path = join(folder.path, "dfs.log");
  const file = await RotatingFile.open(path, { bytesMax: 10, keep: 2 });
  for (const text of ["aaaa\n", "bbbb\n", "cccc\n", "a line longer than a file\n", "d\n", "e\n"]) {
    await file.write(bytes(text));
  }
  file.close();
  assertEquals(await contents(folder.path), {
    "dfs.log": "d\ne\n",
    "dfs.log.1": "a line longer than a file\n",
    "dfs.log.2": "cccc\n",
  });
});

Deno.test("RotatingFile writes behind what is there, and counts it", async () => {
  await using folder = await TemporaryFolder.make();
  const path = join(folder.path, "dfs.log");
  await Deno.writeTextFile(path, "12345678\n");
  const file = await RotatingFile.open(path, { bytesMax: 10, keep: 1 });
  await file.write(bytes("\n"));
  await file.write(bytes("next\n"));
  file.close();
  assertEquals(await contents(folder.path), { "dfs.log": "next\n", "dfs.log.1": "12345678\n\n" });
});

Deno.test("RotatingFile keeps no old file when it is told so", async () => {
  await using folder = await TemporaryFolder.make();
  const file = await RotatingFile.open(join(folder.path, "dfs.log"), { bytesMax: 4, keep: 0 });
  for (const text of ["aa\n", "bb\n"]) await file.write(bytes(text));
  file.close();
  assertEquals(await contents(folder.path), { "dfs.log": "bb\n" });
});

Deno.test({
  name: "RotatingFile is readable by its owner only",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await TemporaryFolder.make();
    const path = join(folder.path, "dfs.log");
    (await RotatingFile.open(path)).close();
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  },
});
