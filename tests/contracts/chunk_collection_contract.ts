import { assert, assertEquals } from "@std/assert";
import { type Hash, sha256 } from "../../lib/core/mod.ts";
import type { ChunkStore } from "../../lib/storage/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { frameOf, noise, prose, putFrames } from "../storage/fixtures.ts";

/** A new, empty store that goes by a clock of the test; disposing of it clears up. */
export type OpenTimedChunkStore = (clock: FakeTime) => Promise<{ readonly store: ChunkStore } & AsyncDisposable>;

const day = 86_400_000;
/** Three chunks that stay in the cases, and three that go. */
const [kept, gone] = [[1, 2, 3], [4, 5, 6]].map((seeds) => seeds.map((seed) => noise(30_000, seed)));
const [keptNames, goneNames] = [kept!.map(sha256), gone!.map(sha256)];

/** How every {@linkcode ChunkStore} collects garbage. */
export function chunkCollectionContract(name: string, open: OpenTimedChunkStore): void {
  const test = (what: string, run: (store: ChunkStore, clock: FakeTime) => Promise<void>): void => {
    Deno.test(`${name}: ${what}`, async () => {
      const clock = new FakeTime(10 * day);
      await using opened = await open(clock);
      await run(opened.store, clock);
    });
  };

  test("collect() first condemns what nothing names, and removes it when the grace is over", async (store, clock) => {
    await put(store, [kept![0]!, gone![0]!, kept![1]!, gone![1]!], [kept![2]!, gone![2]!]);
    clock.pass(day);
    assertEquals(await collect(store, keptNames, day), { condemned: 3, spared: 0, removed: 0, bytesFreed: 0 });
    assertEquals(await store.lacking([...keptNames, ...goneNames]), goneNames);
    for (const chunk of [...kept!, ...gone!]) assertEquals(await store.get(sha256(chunk)), chunk);
    clock.pass(day - 1);
    assertEquals((await collect(store, keptNames, day)).removed, 0);
    clock.pass(1);
    const { removed, bytesFreed } = await collect(store, keptNames, day);
    assertEquals(removed, 3);
    assert(bytesFreed > 80_000, `${bytesFreed} bytes freed`);
    await assertHolds(store, kept!, goneNames);
    assertEquals((await store.stats()).bytes, 90_000);
  });

  test("collect() leaves what is younger than the grace in peace", async (store, clock) => {
    await put(store, gone!);
    clock.pass(day - 1);
    assertEquals((await collect(store, [], day)).condemned, 0);
    assertEquals(await store.lacking(goneNames), []);
    clock.pass(1);
    assertEquals((await collect(store, [], day)).condemned, 3);
  });

  test("collect() without grace removes at once", async (store) => {
    await put(store, kept!, gone!);
    assertEquals((await collect(store, keptNames, 0)).removed, 3);
    await assertHolds(store, kept!, goneNames);
    assertEquals(await collect(store, keptNames, 0), { condemned: 0, spared: 0, removed: 0, bytesFreed: 0 });
  });

  test("collect() spares what came to be named after it was condemned", async (store, clock) => {
    await put(store, kept!);
    clock.pass(day);
    assertEquals((await collect(store, [], day)).condemned, 3);
    clock.pass(day);
    assertEquals(await collect(store, keptNames, day), { condemned: 0, spared: 3, removed: 0, bytesFreed: 0 });
    await assertHolds(store, kept!, []);
  });

  test("putting a condemned chunk takes its sentence back", async (store, clock) => {
    await put(store, [kept![0]!, gone![0]!]);
    clock.pass(day);
    await collect(store, [], day);
    const receipt = await putFrames(store, frameOf([kept![0]!]));
    assertEquals(receipt, { ok: true, value: { chunks: 1, added: 1 } });
    assertEquals(await store.lacking([keptNames[0]!, goneNames[0]!]), [goneNames[0]!]);
    clock.pass(day - 1);
    assertEquals((await collect(store, [], day)).condemned, 0);
    clock.pass(1);
    assertEquals((await collect(store, keptNames, day)).removed, 1);
    await assertHolds(store, [kept![0]!], goneNames);
    assertEquals((await store.stats()).chunks, 1);
  });

  test("collect() in a dry run counts, and changes nothing", async (store, clock) => {
    await put(store, kept!, gone!);
    clock.pass(day);
    for (let round = 0; round < 2; round++) {
      const { condemned, removed } = await collect(store, keptNames, day, true);
      assertEquals([condemned, removed], [3, 0]);
    }
    const all = await collect(store, keptNames, 0, true);
    assertEquals([all.condemned, all.removed], [3, 3]);
    assert(all.bytesFreed > 80_000 && all.bytesFreed < 100_000, `${all.bytesFreed} bytes`);
    await collect(store, keptNames, day);
    clock.pass(day);
    assertEquals((await collect(store, keptNames, day, true)).removed, 3);
    assertEquals(await store.lacking([...keptNames, ...goneNames]), goneNames);
    assertEquals((await store.stats()).chunks, 6);
  });

  test("collect() waits for who holds the store before it reads what is named", async (store) => {
    await put(store, kept!);
    const events: string[] = [];
    const held = await store.hold();
    const collecting = store.collect(() => {
      events.push("read");
      return named(keptNames);
    }, { graceMs: 0 });
    await turns(20);
    events.push("committed");
    held[Symbol.dispose]();
    await collecting;
    assertEquals(events, ["committed", "read", "read"]);
    await assertHolds(store, kept!, []);
  });

  test("collect() spares what came to be named while it was condemned", async (store, clock) => {
    await put(store, kept!);
    clock.pass(day);
    const asked: boolean[] = [];
    const { condemned } = await store.collect(({ sinceLast }) => {
      asked.push(sinceLast);
      return named(sinceLast ? keptNames!.slice(0, 2) : []);
    }, { graceMs: day });
    assertEquals([condemned, asked], [1, [false, true]]);
    assertEquals(await store.lacking(keptNames!), keptNames!.slice(2));
  });

  test("collect() that is told to end removes nothing more", async (store) => {
    await put(store, kept!);
    const reason = new Error("The server ends");
    const ended = store.collect(() => named([]), { graceMs: 0, signal: AbortSignal.abort(reason) });
    assertEquals(await ended.then(() => undefined, (cause) => cause), reason);
    await assertHolds(store, kept!, []);
    assertEquals((await collect(store, [], 0)).removed, 3);
  });

  test("collect() of far more chunks than are looked at together finds each", async (store) => {
    const chunks = Array.from({ length: 9000 }, (_, index) => noise(8, index));
    for (let from = 0; from < chunks.length; from += 3000) await put(store, chunks.slice(from, from + 3000));
    const live = chunks.filter((_, index) => index % 3 === 0).map(sha256);
    assertEquals((await collect(store, live, 0)).removed, 6000);
    assertEquals(await store.lacking(live), []);
    const { chunks: count, bytes } = await store.stats();
    assertEquals([count, bytes], [3000, 24_000]);
    assertEquals(await Array.fromAsync(store.verify()), []);
  });

  test("quarantine() takes no chunk out that is sound, and knows none that is not stored", async (store) => {
    await put(store, kept!, [prose(500, 1)]);
    assertEquals(await store.quarantine([...keptNames, ...goneNames]), []);
    await assertHolds(store, kept!, goneNames);
  });
}

/** Lets so many turns of the event loop go by. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

async function put(store: ChunkStore, ...frames: readonly (readonly Uint8Array[])[]): Promise<void> {
  const receipt = await putFrames(store, ...frames.map(frameOf));
  assert(receipt.ok, JSON.stringify(receipt));
}

async function* named(hashes: readonly Hash[]): AsyncGenerator<readonly Hash[]> {
  for (let from = 0; from < hashes.length; from += 1000) yield await Promise.resolve(hashes.slice(from, from + 1000));
}

function collect(store: ChunkStore, live: readonly Hash[], graceMs: number, dryRun = false) {
  return store.collect(() => named(live), { graceMs, dryRun });
}

/** Makes sure that a store holds some chunks, lacks others, and is sound. */
async function assertHolds(store: ChunkStore, chunks: readonly Uint8Array[], lacking: readonly Hash[]): Promise<void> {
  assertEquals(await store.lacking([...chunks.map(sha256), ...lacking]), lacking);
  for (const chunk of chunks) assertEquals(await store.get(sha256(chunk)), chunk);
  for (const hash of lacking) assertEquals(await store.get(hash), undefined);
  assertEquals(await Array.fromAsync(store.verify()), []);
}
