import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromSource as dfs } from "../support/program.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A data folder in which two versions of a file are stored, its server ended; and the folder that was pushed. */
async function storeAtRest(temp: TempFolder): Promise<{ readonly data: string; readonly here: string }> {
  const [here, data] = [temp.folder("here"), `${temp.path}/data`];
  const random = new SeededRandom(5);
  await using server = await dfs.serve(data);
  for (let version = 1; version <= 2; version++) {
    Deno.writeFileSync(`${here}/a`, random.bytes(50_000));
    const { code, stderr } = await dfs.run(["push", here, "--remote", server.url]);
    assertEquals(code, 0, stderr);
  }
  return { data, here };
}

Deno.test("dfs retention and gc work on a data folder that no server holds, and on no other", async () => {
  await using temp = await TempFolder.make();
  const { data } = await storeAtRest(temp);
  const at = ["--data-dir", data];
  assertEquals((await dfs.run(["retention", ...at])).stdout, "Keeps every version\n");
  const set = await dfs.run(["retention", "--keep-versions", "1", "--keep-for", "90d", ...at]);
  assertEquals(set.stdout, "Keeps the newest 1 versions of each path, and all that lived within 90d\n");
  assertMatch((await dfs.run(["gc", "--grace", "0", ...at])).stdout, /^Removed 0 versions and 0 chunks/);
  await dfs.run(["retention", "--keep-versions", "1", ...at]);
  const dry = await dfs.run(["gc", "--grace", "0", "--dry-run", "--json", ...at]);
  assertEquals(JSON.parse(dry.stdout).versions_removed, 1);
  assertMatch(
    (await dfs.run(["gc", "--grace", "0", ...at])).stdout,
    /^Removed 1 versions and \d+ chunks, \d+\S* kB freed/,
  );
  assertStringIncludes((await dfs.run(["retention", "--keep-all", ...at])).stdout, "everything is there is 2\n");
  assertMatch((await dfs.run(["verify", ...at])).stdout, /^All \d+ chunks are what they must be/);
  await using _server = await dfs.serve(data);
  for (const command of ["gc", "retention", "verify"]) {
    const { code, stderr } = await dfs.run([command, ...at]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "is in use by another server");
  }
});

Deno.test("dfs verify lists damage with its paths, takes it out with --repair, and a push of the file brings it back", async () => {
  await using temp = await TempFolder.make();
  const { data, here } = await storeAtRest(temp);
  const path = `${data}/chunks/packs/00000001.pack`;
  const pack = Deno.readFileSync(path);
  pack[pack.length - 1000]! ^= 1;
  Deno.writeFileSync(path, pack);
  const found = await dfs.run(["verify", "--data-dir", data]);
  assertEquals(found.code, 1);
  assertMatch(found.stderr, /^dfs: Chunk [0-9a-f]{64}: Pack 1 is damaged.*\n {2}a in space "default", version 2\n/);
  await using server = await dfs.serve(data);
  const pulled = await dfs.run(["pull", temp.folder("there"), "--remote", server.url]);
  assertEquals(pulled.code, 1);
  assertMatch(
    pulled.stderr,
    /^dfs: a: Its content is damaged .* on the server; .* dfs verify --server --repair, then .*\n$/,
  );
  const repaired = await dfs.run(["verify", "--server", "--repair", "--json", "--remote", server.url]);
  assertEquals(repaired.code, 1);
  const { quarantined } = JSON.parse(repaired.stdout);
  assert(quarantined > 0);
  const damage = await (await fetch(`${server.url}/api/spaces/default/damage`)).json();
  assertEquals(damage.damage.length, quarantined);
  assertEquals(
    await fetch(`${server.url}/api/file/download/a`).then((response) => response.bytes(), () => "cut"),
    "cut",
  );
  Deno.copyFileSync(`${here}/a`, `${here}/b`);
  assertEquals((await dfs.run(["push", here, "--remote", server.url])).code, 0);
  const sound = await dfs.run(["verify", "--server", "--remote", server.url]);
  assertEquals([sound.code, sound.stderr], [0, ""]);
  const bytes = await (await fetch(`${server.url}/api/file/download/a`)).bytes();
  assertEquals(bytes, Deno.readFileSync(`${here}/b`));
});

Deno.test("dfs serve collects garbage by itself, as often as it is told", async () => {
  await using temp = await TempFolder.make();
  const { data } = await storeAtRest(temp);
  const log = `${temp.path}/log`;
  const args = ["--gc-interval", "1s", "--log-file", log, "--log-format", "json"];
  await using server = await dfs.serve(data, args);
  await using feed = await dfs.start([
    "events",
    "--follow",
    "--type",
    "storage.*",
    "--remote",
    server.url,
  ], {
    until: /storage\.gc_completed/,
  });
  assertStringIncludes(feed.said, "chunksRemoved=0");
});

Deno.test("dfs gc, retention and verify refuse what makes no sense", async () => {
  const refusals = [
    ["gc", "--grace", "1y"],
    ["retention", "--keep-versions", "0"],
    ["retention", "--keep-all", "--keep-for", "1d"],
    ["gc", "--remote", "http://127.0.0.1:1", "--data-dir", "x"],
    ["verify"],
    ["serve", "--gc-interval", "often"],
  ];
  for (const args of refusals) assertEquals((await dfs.run(args)).code, 2, args.join(" "));
  assertEquals((await dfs.run(["gc", "--data-dir", "/nowhere/at/all"])).code, 1);
});
