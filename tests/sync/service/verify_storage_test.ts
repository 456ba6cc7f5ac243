import { assert, assertEquals } from "@std/assert";
import { sha256 } from "../../../lib/core/mod.ts";
import { MemoryMetadataStore } from "../../../lib/metadata/mod.ts";
import { openPackStore } from "../../../lib/storage/mod.ts";
import { FakeTime } from "../../events/fakes.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { noise } from "../../storage/fixtures.ts";
import { CollectionWorld } from "../../support/collection_world.ts";
import { TempFolder } from "../../support/temp_folder.ts";

/** A world over packs in a folder; `spoil` flips a bit of the pack at a place, from its end. */
async function packWorld() {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const time = new FakeTime(1_000_000);
  const metadata = new MemoryMetadataStore();
  await metadata.createSpace("default");
  const chunks = stack.use(await openPackStore(temp.path, { clock: time }));
  const path = `${temp.path}/packs/00000001.pack`;
  const spoil = (fromEnd: number): void => {
    const pack = Deno.readFileSync(path);
    pack[pack.length - fromEnd]! ^= 4;
    Deno.writeFileSync(path, pack);
  };
  const world = new CollectionWorld({ metadata, chunks, time });
  const resources = stack.move();
  return { world, chunks, spoil, path, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const [one, two] = [noise(5000, 1), noise(6000, 2)];

Deno.test("verify() finds nothing in a sound store, and tells how much it read", async () => {
  await using opened = await packWorld();
  await opened.world.commit({ a: one, b: two, c: undefined });
  const { chunks, damage, quarantined } = await opened.world.maintenance.verify({ repair: true });
  assertEquals([chunks, damage, quarantined], [2, [], 0]);
});

Deno.test("verify() names every version that a damaged chunk is needed for", async () => {
  await using opened = await packWorld();
  const { world } = opened;
  await world.commit({ a: one, "d-b": two });
  await world.commit({ a: two, c: two });
  await world.commit({ c: undefined });
  opened.spoil(100);
  const { damage, quarantined } = await world.maintenance.verify({});
  assertEquals([damage.length, damage[0]?.chunk, quarantined], [1, sha256(two), 0]);
  assert(damage[0]!.problem.startsWith("Pack 1 is damaged"));
  const versions = damage[0]!.versions.map(({ space, path, version, live }) => [space, path, version, live].join());
  assertEquals(versions.sort(), ["default,a,2,true", "default,c,1,false", "default,d-b,1,true"]);
  assertEquals(await opened.chunks.lacking([sha256(two)]), []);
  assertEquals(await world.maintenance.damage("default"), []);
});

Deno.test("verify() with repair takes damaged chunks out, lists them as lacking, and what is sent again is whole", async () => {
  await using opened = await packWorld();
  const { world } = opened;
  await world.commit({ a: one, "d-b": two });
  opened.spoil(100);
  const before = Deno.readFileSync(opened.path);
  assertEquals((await world.maintenance.verify({ repair: true })).quarantined, 1);
  assertEquals(Deno.readFileSync(opened.path), before);
  assertEquals(await world.maintenance.damage("default"), [{ chunk: sha256(two), paths: [at("d-b")] }]);
  const again = await world.maintenance.verify({ repair: true });
  assertEquals(again.damage.map(({ chunk, problem }) => [chunk, problem]), [[sha256(two), "It is not stored"]]);
  const told = world.events.filter(({ type }) => type === "storage.corruption_found").map(({ detail }) => detail);
  assertEquals(told.at(-1), { object: sha256(two), error: "A version names the chunk, and it is not stored" });
  await world.commit({ "again": two });
  assertEquals(await world.maintenance.damage("default"), []);
  await world.check();
});

Deno.test("damage() tells of a chunk once, with every file that needs it", async () => {
  await using opened = await packWorld();
  await opened.world.commit({ a: two, "d-b": two, "d-c": two, "e": one });
  opened.spoil(3000);
  const { damage } = await opened.world.maintenance.verify({ repair: true });
  for (const { chunk, paths } of await opened.world.maintenance.damage("default")) {
    assert(damage.some((one) => one.chunk === chunk));
    assertEquals(paths, chunk === sha256(two) ? ["a", "d-b", "d-c"].map(at) : [at("e")]);
  }
  assertEquals((await opened.world.maintenance.damage("default")).length, damage.length);
});
