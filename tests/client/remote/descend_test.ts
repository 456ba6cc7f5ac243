import { assert, assertEquals } from "@std/assert";
import { folderFacts } from "../../support/folder_facts.ts";
import { Relay } from "../../support/relay.ts";
import { Replica } from "../../support/replica.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { serveFolder, startServer } from "../../support/test_server.ts";

/** A tree of some hundred files in folders. */
function manyFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let folder = 0; folder < 20; folder++) {
    for (let name = 0; name < 20; name++) files[`f${folder}/g${name % 4}/${name}`] = `content ${folder} ${name}`;
  }
  return files;
}

Deno.test("sync(), push() and pull() without state find equal trees by one hash, and move nothing", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, manyFiles());
  await a.push();
  for (const run of ["sync", "push", "pull"] as const) {
    a.forget();
    relay.heal();
    const report = await a[run]({ url: relay.url });
    assertEquals([report.revision, report.changes, report.synchronized], [1, [], true], run);
    assertEquals([report.sentBytes, report.fetchedBytes], [0, 0]);
    assert(relay.up + relay.down < 2000, `${run}: ${relay.up} bytes up, ${relay.down} bytes down`);
  }
});

Deno.test("sync() without state is told of the folders that differ, and of no other", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, manyFiles());
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  a.write({ "f3/g1/1": "edited", "f3/new/deep/file": "new" });
  a.remove("f7/g2/2");
  await a.push();
  b.forget();
  const report = await b.sync({ url: relay.url });
  assert(relay.down < 6000, `${relay.down} bytes came down`);
  assertEquals(report.conflicts.length, 1, "Without state nobody knows which side edited");
  await a.sync();
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("sync() with a server that was set back is told of the folders that differ, and loses nothing", async () => {
  await using temp = await TempFolder.make();
  const [data, copy] = [temp.folder("data"), `${temp.path}/copy`];
  const first = await serveFolder(data);
  await using a = await Replica.make(first.url, manyFiles());
  await a.push();
  await first[Symbol.asyncDispose]();
  await new Deno.Command("cp", { args: ["-a", data, copy] }).output();
  const port = Number(new URL(first.url).port);
  {
    await using _second = await serveFolder(data, port);
    a.write({ "f1/g1/1": "later" });
    await a.push();
  }
  await using third = await serveFolder(copy, port);
  await using relay = new Relay(third.url);
  const report = await a.sync({ url: relay.url });
  assert(report.synchronized && relay.down < 9000, `${relay.down} bytes came down`);
  assertEquals(Deno.readTextFileSync(a.at("f1/g1/1")), "later");
});
