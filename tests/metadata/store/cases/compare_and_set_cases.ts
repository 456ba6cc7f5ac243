import { assertEquals } from "@std/assert";
import { applyAll, at, directory, file, refuse, space } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

const start = { puts: { "d": directory(), "d/a": file("a"), "d/b": file("b"), "e": file("e") } };

function changed(head: number, ...paths: string[]): unknown {
  return { reason: "changed_meanwhile", head, paths: paths.map(at) };
}

/** Commits that rest on an older revision than the head. */
export const compareAndSetCases: readonly StoreCase[] = [
  ["commit() on an older base is accepted where nothing crosses it", async (store) => {
    await applyAll(store, start, { puts: { "d/a": file("2") } });
    const receipt = await applyAll(store, { base: 1, puts: { "d/b": file("3"), "d/c": file("c") }, deletes: ["e"] });
    assertEquals(receipt.revision, 3);
  }],
  ["commit() refuses paths that changed after its base, and names them sorted", async (store) => {
    await applyAll(store, start, { puts: { "d/b": file("2"), "d/a": file("2"), "f": file("f") }, deletes: ["e"] });
    const refusal = await refuse(store, { base: 1, puts: { "e": file("x"), "d/b": file("3") }, deletes: ["d/a"] });
    assertEquals(refusal, changed(2, "d/a", "d/b", "e"));
  }],
  ["commit() refuses a path that came and went after its base", async (store) => {
    await applyAll(store, start, { puts: { "f": file("f") } }, { deletes: ["f"] });
    assertEquals(await refuse(store, { base: 1, puts: { "f": file("g") } }), changed(3, "f"));
  }],
  ["commit() refuses even what is there already if it changed after its base", async (store) => {
    await applyAll(store, start, { puts: { "e": file("2") } });
    assertEquals(await refuse(store, { base: 1, puts: { "e": file("2") } }), changed(2, "e"));
  }],
  ["commit() refuses to delete a directory that something new came into", async (store) => {
    await applyAll(store, start, { puts: { "d/new": file("n") } });
    const refusal = await refuse(store, { base: 1, deletes: ["d", "d/a", "d/b"] });
    assertEquals(refusal, changed(2, "d/new"));
  }],
  ["commit() refuses to replace a directory that something new came into", async (store) => {
    await applyAll(store, start, { puts: { "d/new": file("n") } });
    const refusal = await refuse(store, { base: 1, puts: { "d": file("d") }, deletes: ["d/a", "d/b"] });
    assertEquals(refusal, changed(2, "d/new"));
  }],
  ["commit() refuses to put something into a directory that went meanwhile", async (store) => {
    await applyAll(store, start, { deletes: ["d", "d/a", "d/b"] });
    assertEquals(await refuse(store, { base: 1, puts: { "d/c": file("c") } }), changed(2, "d"));
  }],
  ["commit() refuses to put something into what became a file meanwhile", async (store) => {
    await applyAll(store, start, { puts: { "d": file("d") }, deletes: ["d/a", "d/b"] });
    assertEquals(await refuse(store, { base: 1, puts: { "d/c": file("c") } }), changed(2, "d"));
  }],
  ["commit() puts something into a directory whose mode changed meanwhile", async (store) => {
    await applyAll(store, start, { puts: { "d": directory(0o700) } });
    assertEquals((await applyAll(store, { base: 1, puts: { "d/c": file("c") } })).revision, 3);
  }],
  ["commit() on a base beyond the head is refused with all its paths", async (store) => {
    await applyAll(store, start);
    const refusal = await refuse(store, { base: 9, puts: { "x": file("x"), "e": file("e") }, deletes: ["d/a"] });
    assertEquals(refusal, changed(1, "d/a", "e", "x"));
  }],
  ["commit() by two at once applies one and refuses the other", async (store) => {
    await applyAll(store, start);
    const draft = (id: string) => ({
      id,
      client: id,
      committedAtMs: 0,
      baseRevision: 1,
      puts: new Map([[at("e"), file(id)]]),
      deletes: new Set<never>(),
      manifests: new Map(),
    });
    const outcomes = await Promise.all([store.commit(space, draft("x")), store.commit(space, draft("y"))]);
    assertEquals(outcomes.filter(({ ok }) => ok).length, 1);
    assertEquals((await store.head(space))?.revision, 2);
  }],
];
