import { assert, assertEquals } from "@std/assert";
import { MemoryMetadataStore, openSqliteStore } from "../../../lib/metadata/mod.ts";
import { MemoryChunkStore, openPackStore } from "../../../lib/storage/mod.ts";
import { FakeTime } from "../../events/fakes.ts";
import { noise } from "../../storage/fixtures.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { CollectionWorld } from "../../support/collection_world.ts";
import { cutContent } from "../../support/cut_content.ts";
import { SeededRandom } from "../../support/seeded_random.ts";
import { ServiceFixture } from "../../support/service_fixture.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const day = 86_400_000;

async function memoryWorld(): Promise<{ world: CollectionWorld; time: FakeTime; metadata: MemoryMetadataStore }> {
  const time = new FakeTime(100 * day);
  const metadata = new MemoryMetadataStore();
  await metadata.createSpace("default");
  return { world: new CollectionWorld({ metadata, chunks: new MemoryChunkStore(time), time }), time, metadata };
}

Deno.test("collectGarbage() removes nothing that any version names, as long as no rule is set", async () => {
  const { world, time } = await memoryWorld();
  await world.commit({ a: noise(300_000, 1), b: noise(10, 2) });
  await world.commit({ a: noise(300_000, 3), b: undefined });
  time.pass(1000 * day);
  await world.collect(0);
  await world.check();
  assertEquals(world.events.filter(({ type }) => type === "storage.history_pruned"), []);
});

Deno.test("collectGarbage() frees what the rule does not keep, and tells of it", async () => {
  const { world, time } = await memoryWorld();
  await world.commit({ a: noise(300_000, 1), b: noise(10, 2) });
  await world.commit({ a: noise(20, 3) });
  await world.keep({ keepVersions: 1 });
  time.pass(day);
  const counted = await world.maintenance.collectGarbage({ dryRun: true, graceMs: 0 });
  assert(counted.chunksRemoved > 1 && counted.versionsRemoved === 1 && counted.bytesFreed === 300_000);
  await world.check();
  const report = await world.maintenance.collectGarbage({ graceMs: 0 });
  assertEquals({ ...report, durationMs: 0 }, { ...counted, dryRun: false, durationMs: 0 });
  assertEquals(await world.storedChunks(), 2);
  const told = world.events.filter(({ type }) => type.startsWith("storage.")).map(({ type, detail }) => [type, detail]);
  assertEquals(told, [
    ["storage.retention_changed", { space: "default", keepVersions: 1 }],
    ["storage.history_pruned", { space: "default", versions: 1 }],
    ["storage.gc_completed", { chunksRemoved: report.chunksRemoved, bytesFreed: 300_000, durationMs: 0 }],
  ]);
});

Deno.test("a push that asked what is lacking before it was condemned sends it again, and nothing is lost", async () => {
  for (const graceMs of [0, 1000]) {
    const { world, time } = await memoryWorld();
    await world.keep({ keepVersions: 1 });
    await world.commit({ a: noise(300_000, 1) });
    await world.commit({ a: noise(300_000, 2) });
    time.pass(5000);
    await world.commit({ b: noise(300_000, 1) }, async () => await world.collect(graceMs));
    assertEquals(world.resent, 1);
    time.pass(5000);
    await world.collect(graceMs);
    await world.check();
  }
});

Deno.test("what was uploaded and is not committed yet is left in peace for the time of grace", async () => {
  const { world, time } = await memoryWorld();
  await world.commit({ a: noise(300_000, 1) }, async () => {
    time.pass(day - 1);
    await world.collect(day);
  });
  assertEquals(world.resent, 0);
  await world.check();
});

Deno.test("after random commits, rules and collections at once, every version that is kept reads as it was", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new SeededRandom(seed);
    await using temp = await TempFolder.make();
    const time = new FakeTime(100 * day);
    await using chunks = await openPackStore(`${temp.path}/chunks`, { clock: time, packBytesMax: 400_000 });
    await using other = await openPackStore(`${temp.path}/chunks`, { clock: time, packBytesMax: 400_000 });
    await using metadata = openSqliteStore(`${temp.path}/metadata.sqlite`);
    const worlds: CollectionWorld[] = [];
    for (const [space, store] of [["one", chunks], ["two", other]] as const) {
      await metadata.createSpace(space);
      worlds.push(new CollectionWorld({ metadata, chunks: store, time, space }));
    }
    // Few contents, so that what was thrown away comes again.
    const contents = Array.from({ length: 14 }, (_, index) => noise(1 + random.below(200_000), 100 * seed + index));
    for (let step = 0; step < 30; step++) {
      time.pass(random.below(day / 4));
      await Promise.all(worlds.map(async (world) => {
        for (let count = random.below(4); count > 0; count--) {
          const path = random.pick(["a", "b", "c", "d"]);
          await world.commit({ [path]: random.below(5) === 0 ? undefined : random.pick(contents) });
        }
      }));
      const world = random.pick(worlds);
      if (random.below(4) === 0) {
        await world.keep({ keepVersions: 1 + random.below(3), keepForMs: random.below(2 * day) });
      }
      if (random.below(2) === 0) continue;
      const graceMs = random.pick([0, 1000, day]);
      // Both worlds' rules are applied by whoever collects, so both write down what stays.
      const pushing = worlds[0]!.commit({ e: random.pick(contents) });
      await Promise.all([pushing, worlds[1]!.maintenance.collectGarbage({ graceMs })]);
      for (const each of worlds) await each.collect(graceMs);
      for (const each of worlds) await each.check();
    }
    for (const world of worlds) {
      await world.keep({ keepVersions: 1 });
      await world.collect(0);
      await world.check();
    }
  }
});

Deno.test("collectGarbage() removes the chunk lists of versions that are gone, when the grace is over", async () => {
  const { world, time, metadata } = await memoryWorld();
  await world.commit({ a: noise(300_000, 1) });
  const before = (await metadata.get("default", at("a")))?.entry;
  assert(before?.kind === "file" && await metadata.manifest(before.content) !== undefined);
  await world.commit({ a: noise(300_000, 2) });
  await world.keep({ keepVersions: 1 });
  const isThere = async (): Promise<boolean> => await metadata.manifest(before.content) !== undefined;
  for (const [expected, passed] of [[true, 0], [true, day - 1], [false, 1]] as const) {
    time.pass(passed);
    await world.maintenance.collectGarbage({ graceMs: day });
    assertEquals(await isThere(), expected);
  }
});

/** A store that forgets, right before each commit, whatever it may. */
class ForgettingStore extends MemoryMetadataStore {
  override async commit(
    ...[space, commit]: Parameters<MemoryMetadataStore["commit"]>
  ): ReturnType<MemoryMetadataStore["commit"]> {
    await this.prune(space, { nowMs: 0 });
    await this.pruneManifests({ nowMs: 0, graceMs: 0 });
    return await super.commit(space, commit);
  }
}

Deno.test("a commit of a content whose chunk list is removed before it comes brings the list along", async () => {
  const metadata = new ForgettingStore();
  const fixture = await ServiceFixture.make(metadata);
  const [before, after] = [cutContent(noise(300_000, 1)), cutContent(noise(300_000, 2))];
  await fixture.store(before, after);
  await fixture.apply({ "a": before });
  await fixture.apply({ "a": after });
  await metadata.setRetention("default", { keepVersions: 1 });
  const restored = await fixture.service.restore("default", {
    ...{ path: at("a"), to: { version: 1 }, exact: false },
    ...{ dryRun: false, client: "restorer", id: "restore-1" },
  });
  assert(restored.ok, JSON.stringify(restored));
  assertEquals((await metadata.get("default", at("a")))?.entry, before.entry);
  assertEquals(await metadata.manifest(before.entry.content), before.manifest);
});
