import { assertEquals } from "@std/assert";
import { HttpClient } from "../../lib/network/client/mod.ts";
import { HttpRemote, LocalWorkspace, verifyFolder, type VerifyReport } from "../../lib/client/mod.ts";
import { systemClock } from "../../lib/core/mod.ts";
import { at } from "../metadata/store/fixtures.ts";
import { Replica, retryAtOnce } from "../support/replica.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { serveFolder, startServer } from "../support/test_server.ts";

async function verify(replica: Replica, dryRun: boolean): Promise<VerifyReport> {
  using workspace = LocalWorkspace.open(replica.path, { dryRun });
  using http = new HttpClient({ origin: replica.url });
  const remote = new HttpRemote(http, { origin: replica.url, space: workspace.space, retry: retryAtOnce });
  return await verifyFolder({ workspace, remote, http, retry: retryAtOnce }, { clock: systemClock, dryRun });
}

/** Changes a byte of a file as a failing disk does: neither its length nor its time tell. */
function rot(path: string): void {
  const { mtime } = Deno.statSync(path);
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  Deno.writeFileSync(path, bytes);
  Deno.utimeSync(path, mtime!, mtime!);
}

Deno.test("verifyFolder() proves a folder that is as it should be", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1", "d/g": "2" });
  await a.push();
  const report = await verify(a, true);
  assertEquals([report.damaged, report.different, report.lacking, report.synchronized], [[], [], [], true]);
});

Deno.test("verifyFolder() names a damaged file, tells it from an edited one, and fetches it again", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "rotten": "content", "edited": "content", "fine": "content" });
  // With a time so close to now there is no stamp: a test cannot change bytes and leave the change time as it was.
  const soon = Math.ceil(Date.now() / 1000) + 1;
  Deno.utimeSync(a.at("rotten"), soon, soon);
  await a.push();
  rot(a.at("rotten"));
  a.write({ "edited": "other content", "new": "n" });
  const found = await verify(a, true);
  assertEquals([found.damaged, found.different], [["rotten"], ["edited", "new"]]);
  assertEquals(a.tree()["rotten"] === "content", false);
  const healed = await verify(a, false);
  assertEquals(healed.repaired, [at("rotten")]);
  assertEquals(a.tree(), { "rotten": "content", "edited": "other content", "fine": "content", "new": "n" });
  const report = await a.sync();
  assertEquals(report.changes.map(({ path, change }) => `${change} ${path}`), ["modified edited", "added new"]);
});

Deno.test("verifyFolder() sends the server what it lost", async () => {
  await using temp = await TempFolder.make();
  const data = temp.folder("data");
  let server = await serveFolder(data);
  const port = Number(new URL(server.url).port);
  await using a = await Replica.make(server.url, { "kept": "k".repeat(1000), "lost": "l".repeat(1000) });
  await a.push();
  await server[Symbol.asyncDispose]();
  for (const { name } of Deno.readDirSync(`${data}/chunks/packs`)) rot(`${data}/chunks/packs/${name}`);
  server = await serveFolder(data, port);
  await using _server = server;
  await (await fetch(`${server.url}/api/verify`, { method: "POST", body: JSON.stringify({ repair: true }) })).text();
  const found = await verify(a, true);
  assertEquals([found.lacking.length > 0, found.sentBytes], [true, 0]);
  const healed = await verify(a, false);
  assertEquals(healed.sentBytes > 0, true);
  assertEquals((await verify(a, true)).lacking, []);
  await using b = await Replica.make(server.url);
  assertEquals((await b.pull()).synchronized, true);
  assertEquals(b.tree(), a.tree());
});
