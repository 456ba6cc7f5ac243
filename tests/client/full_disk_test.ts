import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { Replica } from "../support/replica.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { startServer } from "../support/test_server.ts";

/** Makes a folder a disk of its own, of so many bytes; `undefined` where that is not allowed. */
async function mountDisk(folder: string, bytes: number): Promise<AsyncDisposable | undefined> {
  const run = async (command: string, ...args: string[]): Promise<boolean> => {
    try {
      return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
    } catch {
      return false;
    }
  };
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder)) return undefined;
  return { [Symbol.asyncDispose]: async () => void await run("umount", folder) };
}

Deno.test("pull() onto a disk that gets full says so, leaves the folder as it was, and goes on when there is room", async (t) => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "kept": "1", "edited": "old" });
  await using b = await Replica.make(server.url);
  await using disk = await mountDisk(b.path, 4 * 1024 * 1024);
  if (disk === undefined) return void await t.step({ name: "cannot mount a disk", ignore: true, fn: () => {} });
  await a.push();
  await b.pull();
  const random = new SeededRandom(1);
  Deno.writeFileSync(b.at("ballast"), random.bytes(2_000_000));
  await b.push();
  await a.pull();
  Deno.removeSync(a.at("ballast"));
  a.write({ "edited": "new" });
  for (const name of ["one", "two"]) Deno.writeFileSync(a.at(name), random.bytes(900_000));
  Deno.writeFileSync(a.at("zebra"), random.bytes(500_000));
  await a.push();
  const before = folderFacts(b.path);
  const failure = await assertRejects(() => b.pull(), Failure);
  assertEquals(failure.kind, "no_space", failure.message);
  assertEquals(folderFacts(b.path), before);
  Deno.removeSync(b.at("ballast"));
  const report = await b.pull();
  assert(report.synchronized);
  assert(report.fetchedBytes < 1_400_000, `${report.fetchedBytes} bytes were fetched again`);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});
