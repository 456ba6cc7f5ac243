import { assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../../../lib/core/mod.ts";
import { emptyTree } from "../../../../lib/metadata/mod.ts";
import { apply, applyAll, at, file, read, space } from "../fixtures.ts";
import type { StoreCase } from "./case.ts";

/** Spaces: creating, listing, and asking for what there is not. */
export const spaceCases: readonly StoreCase[] = [
  ["createSpace() makes an empty space at revision 0", async (store) => {
    const head = { space: "photos", revision: 0, root: emptyTree, files: 0, entries: 0, bytes: 0, committedAtMs: 0 };
    assertEquals(await store.createSpace("photos"), head);
    assertEquals(await store.head("photos"), head);
    assertEquals(await read(store.entries("photos")), []);
    assertEquals(await read(store.entriesAt("photos", 0)), []);
    assertEquals(await store.changesSince("photos", 0), []);
    assertEquals(await store.revisions("photos"), []);
  }],
  ["createSpace() leaves a space that exists as it is", async (store) => {
    await applyAll(store, { puts: { "a": file("a") } });
    const head = await store.head(space);
    assertEquals(await store.createSpace(space), head!);
    assertEquals(await store.head(space), head);
  }],
  ["spaces() are sorted by name", async (store) => {
    await store.createSpace("b");
    await store.createSpace("a");
    assertEquals((await store.spaces()).map((head) => head.space), ["a", "b", space]);
  }],
  ["spaces keep apart from each other", async (store) => {
    await store.createSpace("other");
    await applyAll(store, { puts: { "a": file("a") } });
    assertEquals((await store.head("other"))?.revision, 0);
    assertEquals(await store.get("other", at("a")), undefined);
    assertEquals(await read(store.entries("other")), []);
  }],
  ["a space that does not exist has no head, takes no commit and does not pass for an empty one", async (store) => {
    assertEquals(await store.head("none"), undefined);
    const commit = {
      id: "1",
      client: "c",
      committedAtMs: 0,
      baseRevision: 0,
      puts: new Map(),
      deletes: new Set<never>(),
    };
    assertEquals(await store.commit("none", { ...commit, manifests: new Map() }), {
      ok: false,
      error: { reason: "no_space" },
    });
    const readers: (() => Promise<unknown>)[] = [
      () => store.get("none", at("a")),
      () => store.list("none", at("")),
      () => store.changesSince("none", 0),
      () => store.history("none", at("a")),
      () => store.revisions("none"),
      () => read(store.entries("none")),
      () => read(store.entriesAt("none", 0)),
    ];
    for (const reader of readers) {
      const failure = await assertRejects(reader, Failure, "There is no space");
      assertEquals(failure.kind, "not_found");
    }
  }],
  ["a revision that never was does not pass for an empty one", async (store) => {
    await apply(store, { puts: { "a": file("a") } });
    for (const revision of [2, -1, 0.5, NaN]) {
      const changes = await assertRejects(() => store.changesSince(space, revision), Failure, "has no revision");
      assertEquals(changes.kind, "not_found");
      await assertRejects(() => read(store.entriesAt(space, revision)), Failure, "has no revision");
    }
  }],
];
