import { assert, assertEquals } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

/** What may live at a path. */
const kinds: Readonly<Record<string, (place: string) => void>> = {
  "nothing": () => {},
  "a file": (place) => Deno.writeTextFileSync(place, "content"),
  "an empty file": (place) => Deno.writeTextFileSync(place, ""),
  "an empty folder": (place) => Deno.mkdirSync(place),
  "a full folder": (place) => {
    Deno.mkdirSync(`${place}/inner/deeper`, { recursive: true });
    Deno.writeTextFileSync(`${place}/inner/deeper/file`, "inside");
    Deno.writeTextFileSync(`${place}/file`, "inside");
    Deno.symlinkSync("file", `${place}/link`);
  },
  "a read-only folder": (place) => {
    Deno.mkdirSync(`${place}/inner`, { recursive: true });
    Deno.writeTextFileSync(`${place}/inner/file`, "inside");
    Deno.chmodSync(`${place}/inner/file`, 0o400);
    Deno.chmodSync(`${place}/inner`, 0o500);
    Deno.chmodSync(place, 0o500);
  },
  "a link to a file": (place) => Deno.symlinkSync("beside", place),
  "a link to a folder": (place) => Deno.symlinkSync("folder", place),
  "a link to nothing": (place) => Deno.symlinkSync("nowhere", place),
};

function put(replica: Replica, kind: string): void {
  try {
    new Deno.Command("chmod", { args: ["-R", "u+rwX", replica.at("x")], stderr: "null" }).outputSync();
    Deno.removeSync(replica.at("x"), { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  kinds[kind]!(replica.at("x"));
}

for (const before of Object.keys(kinds)) {
  Deno.test(`pull() puts anything in the place of ${before}`, async () => {
    await using server = await startServer();
    await using a = await Replica.make(server.url, { "beside": "b", "folder/kept": "k" });
    await using b = await Replica.make(server.url);
    for (const after of Object.keys(kinds)) {
      put(a, before);
      await a.push();
      await b.pull();
      assertEquals(folderFacts(b.path), folderFacts(a.path));
      put(a, after);
      await a.push();
      const report = await b.pull();
      assertEquals(report.problems, [], `${before} to ${after}`);
      assert(report.synchronized);
      assertEquals(folderFacts(b.path), folderFacts(a.path), `${before} to ${after}`);
      assertEquals((await b.pull()).changes, []);
    }
  });
}

Deno.test("pull() leaves what stands in the way and is nothing it can hold, and reports it", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "x": "content", "y/z": "more", "w": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  await new Deno.Command("mkfifo", { args: [b.at("x")] }).output();
  const report = await b.pull();
  assertEquals(report.problems.map(({ path }) => path), ["x", "x"]);
  assert(!report.synchronized && Deno.lstatSync(b.at("x")).isFifo);
  assertEquals(Deno.readTextFileSync(b.at("y/z")), "more");
  b.remove("x");
  assert((await b.pull()).synchronized);
  assertEquals(b.tree(), a.tree());
});

Deno.test("pull() keeps a folder that holds what dfs cannot, and takes away the rest of it", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "dir/f": "1", "kept": "2" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  await new Deno.Command("mkfifo", { args: [b.at("dir/pipe")] }).output();
  a.remove("dir");
  await a.push();
  const report = await b.pull();
  assertEquals(report.problems.map(({ path }) => path), ["dir/pipe", "dir"]);
  assert(!report.synchronized && Deno.lstatSync(b.at("dir/pipe")).isFifo);
  b.remove("dir");
  assert((await b.pull()).synchronized);
});
