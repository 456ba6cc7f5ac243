import { assert, assertEquals } from "@std/assert";
import { MemoryMetadataStore } from "../../../lib/metadata/mod.ts";
import { type Moment, revisionAt } from "../../../lib/sync/service/revision_at.ts";
import { applyAll, directory, space } from "../../metadata/store/fixtures.ts";

/** A store with a revision for each of some times. */
async function storeOf(times: readonly number[]) {
  const store = new MemoryMetadataStore();
  await store.createSpace(space);
  for (const [index, committedAtMs] of times.entries()) {
    await applyAll(store, { committedAtMs, puts: { [`d${index}`]: directory() } });
  }
  const head = await store.head(space);
  assert(head !== undefined);
  return { at: (moment: Moment) => revisionAt(store, head, moment) };
}

Deno.test("revisionAt() finds the newest revision of a time or before", async () => {
  const { at } = await storeOf([100, 200, 200, 300]);
  for (const [atMs, value] of [[100, 1], [199, 1], [200, 3], [299, 3], [300, 4], [1e15, 4]] as const) {
    assertEquals(await at({ atMs }), { ok: true, value }, `at ${atMs}`);
  }
});

Deno.test("revisionAt() finds the head where the clock was set back", async () => {
  const { at } = await storeOf([100, 900, 200, 300]);
  assertEquals(await at({ atMs: 250 }), { ok: true, value: 3 });
  assertEquals(await at({ atMs: 950 }), { ok: true, value: 4 });
});

Deno.test("revisionAt() tells when history began", async () => {
  const { at } = await storeOf([100, 200]);
  assertEquals(await at({ atMs: 99 }), { ok: false, error: { reason: "before_history", atMs: 99, firstMs: 100 } });
  const empty = await storeOf([]);
  assertEquals(await empty.at({ atMs: 99 }), {
    ok: false,
    error: { reason: "before_history", atMs: 99, firstMs: undefined },
  });
});

Deno.test("revisionAt() looks through more revisions than it reads at a time", async () => {
  const { at } = await storeOf(Array.from({ length: 600 }, (_, index) => 1000 + index));
  for (const revision of [1, 88, 89, 344, 345, 600]) {
    assertEquals(await at({ atMs: 999 + revision }), { ok: true, value: revision });
  }
  assertEquals((await at({ atMs: 999 })).ok, false);
});

Deno.test("revisionAt() takes revisions that there are, and no others", async () => {
  const { at } = await storeOf([100, 200]);
  assertEquals(await at({ revision: 1 }), { ok: true, value: 1 });
  assertEquals(await at({ revision: 2 }), { ok: true, value: 2 });
  for (const revision of [0, 3, -1, 1.5, NaN]) {
    assertEquals(await at({ revision }), { ok: false, error: { reason: "no_revision", revision, head: 2 } });
  }
});
