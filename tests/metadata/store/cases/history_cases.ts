import { assertEquals } from "@std/assert";
import { applyAll, at, directory, file, space } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

/** The versions of paths, and the revisions of a space. */
export const historyCases: readonly StoreCase[] = [
  ["history() gives all versions newest first, over deletion and return", async (store) => {
    await applyAll(
      store,
      { puts: { "a": file("1") }, client: "laptop", committedAtMs: 10 },
      { puts: { "b": file("b") } },
      { puts: { "a": file("2") }, client: "desktop", committedAtMs: 30 },
      { deletes: ["a"], client: "laptop", committedAtMs: 40 },
      { puts: { "a": directory() }, client: "server", committedAtMs: 50 },
    );
    assertEquals(await store.history(space, at("a")), [
      { version: 4, revision: 5, entry: directory(), client: "server", committedAtMs: 50 },
      { version: 3, revision: 4, entry: undefined, client: "laptop", committedAtMs: 40 },
      { version: 2, revision: 3, entry: file("2"), client: "desktop", committedAtMs: 30 },
      { version: 1, revision: 1, entry: file("1"), client: "laptop", committedAtMs: 10 },
    ]);
  }],
  ["history() of a path that never was is empty", async (store) => {
    await applyAll(store, { puts: { "a": file("1") } });
    assertEquals(await store.history(space, at("b")), []);
    assertEquals(await store.history(space, at("")), []);
  }],
  ["revisions() come newest first, with client, time, hash and counts", async (store) => {
    const first = await applyAll(store, { puts: { "a": file("1"), "b": file("2") }, client: "x", committedAtMs: 1 });
    const second = await applyAll(store, {
      puts: { "a": file("1"), "c": file("3") },
      deletes: ["b", "never"],
      client: "y",
      committedAtMs: 2,
    });
    assertEquals(await store.revisions(space), [
      { revision: 2, root: second.root, client: "y", committedAtMs: 2, puts: 1, deletes: 1 },
      { revision: 1, root: first.root, client: "x", committedAtMs: 1, puts: 2, deletes: 0 },
    ]);
  }],
  ["revisions() can be read in portions", async (store) => {
    for (let n = 0; n < 5; n++) await applyAll(store, { puts: { "a": file(`${n}`) } });
    const numbers = async (options: { readonly before?: number; readonly limit?: number }) =>
      (await store.revisions(space, options)).map(({ revision }) => revision);
    assertEquals(await numbers({ limit: 2 }), [5, 4]);
    assertEquals(await numbers({ before: 4, limit: 2 }), [3, 2]);
    assertEquals(await numbers({ before: 2 }), [1]);
    assertEquals(await numbers({ before: 1 }), []);
    assertEquals(await numbers({ before: 99, limit: 0 }), []);
  }],
];
