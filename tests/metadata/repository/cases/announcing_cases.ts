import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../../../lib/core/mod.ts";
import { versionMax } from "../../../../lib/metadata/repository/mod.ts";
import { applyAll, at, directory, file, space } from "../../store/fixtures.ts";
import { announcement, atMs, hashOf, refusal, short, transact } from "../fixtures.ts";
import type { RepositoryCase } from "./case.ts";

/** What adding, updating and deleting do. */
export const announcingCases: readonly RepositoryCase[] = [
  ["transact() adds what is not known, as pending, with everything it says", async (sides) => {
    const replicas = [{ node: "laptop", version: 3 }, { node: "desk", version: 2 }];
    const added = announcement("docs/a.pdf", "1", {
      version: 3,
      mtimeRestNs: 123_456,
      owner: "laptop",
      syncState: { status: "synced", replicas },
    });
    const [receipt] = await transact(sides, { type: "add", metadata: added });
    const expected = { ...added, syncState: { status: "pending", replicas: replicas.toReversed() } } as const;
    assertEquals(receipt, { known: { metadata: expected, revision: 0 }, changed: true });
    assertEquals(await sides.repository.get(space, at("docs/a.pdf")), { metadata: expected, revision: 0 });
  }],
  ["transact() keeps directories, links, and files that are not hashed yet", async (sides) => {
    const { hash: _, ...bare } = announcement("file", "1");
    const syncState = { status: "pending", replicas: [] } as const;
    const entries = [
      bare,
      {
        path: at("d"),
        kind: "directory",
        size: 0,
        mtimeMs: -5,
        mtimeRestNs: 7,
        mode: 0o700,
        version: 1,
        syncState,
      } as const,
      {
        path: at("l"),
        kind: "symlink",
        size: 3,
        target: "é/\u{1f600}",
        mtimeMs: 0,
        mode: 0,
        version: 2,
        syncState,
      } as const,
    ];
    await transact(sides, ...entries.map((metadata) => ({ type: "add", metadata } as const)));
    const found = await sides.repository.getMany(space, entries.map(({ path }) => path));
    assertEquals(found.map((known) => known?.metadata), entries);
  }],
  ["transact() leaves no trace of announcements in the space", async (sides) => {
    await applyAll(sides.store, { puts: { "a": file("1") } });
    const before = await sides.store.head(space);
    await transact(
      sides,
      { type: "add", metadata: announcement("b", "2") },
      { type: "update", metadata: announcement("a", "3") },
    );
    assertEquals(await sides.store.head(space), before);
    assertEquals((await Array.fromAsync(sides.store.entries(space))).length, 1);
  }],
  ["transact() takes the very same added again, and refuses something else under the same name", async (sides) => {
    await transact(sides, { type: "add", metadata: announcement("a", "1") });
    const [again] = await transact(sides, { type: "add", metadata: announcement("a", "1", { version: 7 }) });
    assertEquals([again?.changed, again?.known?.metadata.version], [false, 1]);
    assertEquals(await refusal(sides, { type: "add", metadata: announcement("a", "2") }), ["exists", 0]);
    const { hash: _, ...unhashed } = announcement("c", "1");
    await transact(sides, { type: "add", metadata: unhashed });
    assertEquals((await transact(sides, { type: "add", metadata: unhashed }))[0]?.changed, false);
    for (const time of [{ mtimeMs: 7 }, { mtimeRestNs: 7 }]) {
      assertEquals(await refusal(sides, { type: "add", metadata: { ...unhashed, ...time } }), ["exists", 0]);
    }
    await applyAll(sides.store, { puts: { "b": file("1") } });
    assertEquals((await transact(sides, { type: "add", metadata: announcement("b", "1") }))[0]?.changed, false);
    assertEquals(await refusal(sides, { type: "add", metadata: announcement("b", "2") }), ["exists", 0]);
  }],
  ["transact() gives each update a version beyond all before it", async (sides) => {
    await transact(sides, { type: "add", metadata: announcement("a", "1") });
    await transact(sides, { type: "update", metadata: announcement("a", "2") });
    assertEquals(await short(sides, "a"), "2 pending");
    await transact(sides, { type: "update", metadata: announcement("a", "3", { version: 9 }) });
    await transact(sides, { type: "delete", path: at("a") });
    assertEquals(await short(sides, "a"), "none");
    await transact(sides, { type: "add", metadata: announcement("a", "4") });
    assertEquals(await short(sides, "a"), "11 pending");
  }],
  ["transact() compares versions, and statuses where they are told, before it updates or deletes", async (sides) => {
    await transact(sides, { type: "add", metadata: announcement("a", "1") });
    const metadata = announcement("a", "2");
    assertEquals(await refusal(sides, { type: "update", metadata, expected: { version: 2 } }), ["version", 0]);
    const synced = { version: 1, status: "synced" } as const;
    assertEquals(await refusal(sides, { type: "update", metadata, expected: synced }), ["version", 0]);
    assertEquals(await refusal(sides, { type: "delete", path: at("a"), expected: { version: 2 } }), ["version", 0]);
    const pending = { version: 1, status: "pending" } as const;
    await transact(sides, { type: "update", metadata, expected: pending });
    await transact(sides, { type: "delete", path: at("a"), expected: { version: 2 } });
    assertEquals(await short(sides, "a"), "none");
  }],
  ["transact() tells a version that was announced from the one that was committed under its number", async (sides) => {
    await transact(sides, { type: "add", metadata: announcement("a", "1") });
    await applyAll(sides.store, { puts: { "a": file("2") } });
    assertEquals(await short(sides, "a"), "1 synced");
    const expected = { version: 1, status: "pending" } as const;
    assertEquals(await refusal(sides, { type: "update", metadata: announcement("a", "3"), expected }), ["version", 0]);
  }],
  ["transact() refuses to change or delete what is not known, and to delete what is committed", async (sides) => {
    await applyAll(sides.store, { puts: { "d": directory(), "gone": file("1") } }, { deletes: ["gone"] });
    for (const path of ["new", "gone"]) {
      assertEquals(await refusal(sides, { type: "update", metadata: announcement(path, "1") }), ["missing", 0]);
      assertEquals(await refusal(sides, { type: "delete", path: at(path) }), ["missing", 0]);
      const replica = { node: "n", version: 1 };
      assertEquals(await refusal(sides, { type: "replica", path: at(path), replica }), ["missing", 0]);
    }
    assertEquals(await refusal(sides, { type: "delete", path: at("d") }), ["committed", 0]);
  }],
  ["transact() does all steps or none, each on what those before it did", async (sides) => {
    assertEquals(
      await refusal(
        sides,
        { type: "add", metadata: announcement("a", "1") },
        { type: "update", metadata: announcement("a", "2"), expected: { version: 1 } },
        { type: "add", metadata: announcement("a", "3") },
      ),
      ["exists", 2],
    );
    assertEquals(await short(sides, "a"), "none");
    assertEquals(await sides.repository.history(space, at("a")), []);
    const receipts = await transact(
      sides,
      { type: "add", metadata: announcement("a", "1") },
      { type: "update", metadata: announcement("a", "2"), expected: { version: 1 } },
      { type: "delete", path: at("a"), expected: { version: 2 } },
      { type: "add", metadata: announcement("a", "3") },
    );
    assertEquals(receipts.map(({ known }) => known?.metadata.version), [1, 2, undefined, 4]);
    assertEquals(await short(sides, "a"), "4 pending");
  }],
  ["transact() takes many paths at once, some again and again, and keeps the history of each", async (sides) => {
    const paths = Array.from({ length: 37 }, (_, index) => `folder-${index % 5}/file-${index}`);
    const [held, anew] = [paths[3]!, paths[20]!];
    await transact(sides, { type: "add", metadata: announcement(held, "held") });
    await transact(
      sides,
      ...paths.filter((path) => path !== held)
        .map((path) => ({ type: "add", metadata: announcement(path, path) } as const)),
      ...[held, anew, held, anew].map((path, index) => ({
        type: "update",
        metadata: announcement(path, `${index}`),
      } as const)),
    );
    const found = await sides.repository.getMany(space, [at("nowhere"), ...paths.map(at)]);
    const hashes = new Map(paths.map((path) => [path, hashOf(path)])).set(held, hashOf("2")).set(anew, hashOf("3"));
    assertEquals(found.map((known) => known?.metadata.hash), [undefined, ...hashes.values()]);
    for (const [path, texts] of [[held, ["2", "0", "held"]], [anew, ["3", "1", anew]]] as const) {
      const history = await sides.repository.history(space, at(path));
      assertEquals(history.map(({ metadata }) => metadata.hash), texts.map(hashOf));
    }
  }],
  ["list() shows what was added to a folder of many after it was listed", async (sides) => {
    const names = Array.from({ length: 100 }, (_, index) => `docs/n${String(index).padStart(2, "0")}`);
    await transact(sides, ...names.map((path) => ({ type: "add", metadata: announcement(path, "1") } as const)));
    const query = { prefix: "docs/n4", limit: 100 };
    const listed = async () => (await sides.repository.list(space, query)).entries.map(({ metadata }) => metadata.path);
    const before = names.slice(40, 50).map(at);
    assertEquals(await listed(), before);
    await transact(sides, { type: "add", metadata: announcement("docs/n40a", "1") });
    assertEquals(await listed(), before.toSpliced(1, 0, at("docs/n40a")));
  }],
  ["transact() refuses versions from which it could not count on", async (sides) => {
    const metadata = announcement("a", "1", { version: versionMax + 1 });
    assertEquals(await refusal(sides, { type: "add", metadata }), ["out_of_range", 0]);
    await transact(sides, { type: "add", metadata: announcement("a", "1", { version: versionMax }) });
    assertEquals(await refusal(sides, { type: "update", metadata: announcement("a", "2") }), ["out_of_range", 0]);
  }],
  ["an announcement over what is committed shows in its place until it is taken back", async (sides) => {
    await applyAll(sides.store, { puts: { "a": file("1") } });
    await transact(sides, { type: "update", metadata: announcement("a", "2") });
    assertEquals(await short(sides, "a"), "2 modified");
    await transact(sides, { type: "delete", path: at("a") });
    assertEquals(await short(sides, "a"), "1 synced");
    const conflict = { status: "conflict", replicas: [] } as const;
    await transact(sides, { type: "update", metadata: announcement("a", "2", { syncState: conflict }) });
    assertEquals(await short(sides, "a"), "4 conflict");
  }],
  ["an announcement stands until a commit changes its path, and then is history", async (sides) => {
    await transact(sides, { type: "add", metadata: announcement("d/a", "1") });
    await applyAll(sides.store, { puts: { "other": file("1") } });
    assertEquals(await short(sides, "d/a"), "1 pending");
    await applyAll(sides.store, { puts: { "d": directory(), "d/a": file("1") } });
    assertEquals(await short(sides, "d/a"), "1 synced");
    await transact(sides, { type: "update", metadata: announcement("d/a", "2") });
    await applyAll(sides.store, { deletes: ["d/a", "d"] });
    assertEquals(await short(sides, "d/a"), "none");
    const history = await sides.repository.history(space, at("d/a"));
    assertEquals(history.map(({ metadata: { version, syncState } }) => `${version} ${syncState.status}`), [
      "2 deleted",
      "2 modified",
      "1 synced",
      "1 pending",
    ]);
    assertEquals(history.map(({ atMs }) => atMs), [1_700_000_000_123, atMs, 1_700_000_000_123, atMs]);
    assertEquals(history[3]?.metadata.hash, hashOf("1"));
  }],
  ["every method rejects where there is no such space", async ({ repository }) => {
    const path = at("a");
    const attempts = [
      () => repository.get("none", path),
      () => repository.getMany("none", [path]),
      () => repository.list("none", { limit: 1 }),
      () => repository.history("none", path),
      () => repository.replicas("none", path),
      () => repository.transact("none", { steps: [], atMs }),
    ];
    for (const attempt of attempts) {
      const failure = await assertRejects(attempt, Failure);
      assert(failure.kind === "not_found");
    }
  }],
];
