import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { endsAt, Interruption, Replica } from "../support/replica.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { startServer } from "../support/test_server.ts";

Deno.test("push() and pull() carry links as they are: relative, absolute, to nothing, in a circle", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "dir/file": "1" });
  await using b = await Replica.make(server.url);
  const targets = { "rel": "dir/file", "up": "../outside", "abs": "/etc/hostname", "none": "nowhere", "self": "self" };
  for (const [name, target] of Object.entries(targets)) Deno.symlinkSync(target, a.at(name));
  Deno.symlinkSync("two", a.at("one"));
  Deno.symlinkSync("one", a.at("two"));
  Deno.symlinkSync("..", a.at("dir/parent"));
  Deno.symlinkSync("\u{1f600} \n\t\\", a.at("odd"));
  await a.push();
  assert((await b.pull()).synchronized);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  Deno.removeSync(a.at("rel"));
  Deno.symlinkSync("dir", a.at("rel"));
  await a.push();
  assert((await b.pull()).synchronized);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("push() reports a link whose target is no Unicode, and carries the rest", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  const make = new Deno.Command("sh", { args: ["-c", `ln -s "$(printf 'a\\377b')" link`], cwd: a.path });
  assert((await make.output()).success);
  const report = await a.push();
  assertEquals(report.problems.map(({ path }) => path), ["link"]);
  assertEquals(report.changes.map(({ path }) => path), ["f"]);
});

Deno.test("push() does not go through a link to a folder", async () => {
  await using server = await startServer();
  await using outside = await TempFolder.make({ "secret": "not yours" });
  await using a = await Replica.make(server.url, { "f": "1" });
  Deno.symlinkSync(outside.path, a.at("door"));
  const report = await a.push();
  assertEquals(report.changes.map(({ path }) => path), ["door", "f"]);
});

/** A folder of `b` became a link to a place outside between the last run and this one. */
async function redirected(change: (a: Replica) => void): Promise<{ readonly outside: Record<string, string> }> {
  await using server = await startServer();
  await using outside = await TempFolder.make({ "f": "mine", "gone": "mine" });
  await using a = await Replica.make(server.url, { "dir/f": "1", "dir/gone": "1", "other": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  change(a);
  await a.push();
  Deno.removeSync(b.at("dir"), { recursive: true });
  Deno.symlinkSync(outside.path, b.at("dir"));
  await assertRejects(() => b.pull(), Failure);
  await b.pull({ force: true });
  assertEquals(b.tree(), a.tree());
  return {
    outside: Object.fromEntries(
      [...Deno.readDirSync(outside.path)].map(({ name }) => [name, Deno.readTextFileSync(`${outside.path}/${name}`)]),
    ),
  };
}

Deno.test("pull() neither writes nor deletes through a link that took the place of a folder", async () => {
  const { outside } = await redirected((a) => {
    a.write({ "dir/f": "2", "dir/new": "2" });
    a.remove("dir/gone");
  });
  assertEquals(outside, { "f": "mine", "gone": "mine" });
});

Deno.test("pull() neither writes nor deletes through a link that takes the place of a folder meanwhile", async () => {
  await using server = await startServer();
  await using outside = await TempFolder.make({ "f": "mine", "gone": "mine" });
  await using a = await Replica.make(server.url, { "dir/f": "1", "dir/gone": "1", "other": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "dir/f": "2", "dir/new": "2", "other": "2" });
  a.remove("dir/gone");
  await a.push();
  const report = await b.pull({
    progress: {
      phase(phase) {
        if (phase !== "apply") return;
        Deno.removeSync(b.at("dir"), { recursive: true });
        Deno.symlinkSync(outside.path, b.at("dir"));
      },
      expect() {},
      advance() {},
    },
  });
  assertEquals(report.problems.map(({ path }) => path).sort(), ["dir/f", "dir/gone", "dir/new"]);
  assert(!report.synchronized);
  const left = [...Deno.readDirSync(outside.path)].map(({ name }) => name).sort();
  assertEquals(left, ["f", "gone"]);
  assertEquals(Deno.readTextFileSync(`${outside.path}/f`), "mine");
  assertEquals(b.tree()["other"], "2");
});

Deno.test("pull() overwrites nothing that changed between the plan and the rename", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1", "gone": "1", "becomes": "1" });
  await using b = await Replica.make(server.url);
  Deno.symlinkSync("one", a.at("link"));
  await a.push();
  await b.pull();
  a.write({ "f": "2", "new": "2" });
  a.remove("gone", "becomes", "link");
  a.write({ "becomes/x": "2" });
  Deno.symlinkSync("two", a.at("link"));
  await a.push();
  const report = await b.pull({
    progress: {
      phase(phase) {
        if (phase !== "apply") return;
        b.write({ "f": "edited", "gone": "edited", "new": "edited", "becomes": "edited" });
        Deno.removeSync(b.at("link"));
        Deno.symlinkSync("edited", b.at("link"));
      },
      expect() {},
      advance() {},
    },
  });
  assertEquals(report.problems.map(({ path }) => path).sort(), ["becomes", "becomes/x", "f", "gone", "link", "new"]);
  const edited = { "becomes": "edited", "f": "edited", "gone": "edited", "link": "-> edited", "new": "edited" };
  assertEquals(b.tree(), edited);
  const failure = await assertRejects(() => b.pull(), Failure);
  assertEquals(failure.details, ["becomes", "f", "gone", "link", "new"]);
  assertEquals(b.tree(), edited);
});

Deno.test("pull() that ends before the files take their place leaves the folder as it was, and the next one completes", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1", "dir/g": "1" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "f": "2", "dir/g": "2", "new": "2" });
  await a.push();
  await assertRejects(() => b.pull({ progress: endsAt("apply") }), Interruption);
  assertEquals(b.tree(), { "dir/": "", "dir/g": "1", "f": "1" });
  const report = await b.pull();
  assertEquals([report.synchronized, report.fetchedBytes], [true, 0]);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals([...Deno.readDirSync(b.at(".dfs"))].some(({ name }) => name === "staging"), false);
});
