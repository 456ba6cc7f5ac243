import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { rootPath, type SafePath } from "../../../lib/core/mod.ts";
import type { Entry } from "../../../lib/metadata/mod.ts";
import { conflictName, type Tree, treeHashes, walkTree, withChanges } from "../../../lib/sync/mod.ts";
import type { TreeDiff } from "../../../lib/sync/mod.ts";
import {
  type ConflictPolicy,
  reconcile,
  type ReconcileOptions,
  type Reconciliation,
} from "../../../lib/sync/reconcile/mod.ts";
import { at, directory, file, symlink } from "../../metadata/store/fixtures.ts";
import { anyTree, entriesOf, treeOf } from "../../support/trees.ts";

const atMs = Date.UTC(2026, 0, 31, 8, 5, 9);

function optionsFor(policy: ConflictPolicy, merged: ReconcileOptions["merged"] = new Map()): ReconcileOptions {
  return {
    policyOf: () => policy,
    merged,
    copyName: (path, side, attempt) => conflictName(path, { client: side, atMs: atMs + attempt * 1000 }),
  };
}

type Entries = Readonly<Record<string, Entry>>;

function applied(tree: Tree, { puts, deletes }: TreeDiff): Tree {
  return withChanges(tree, [...[...deletes].map((path) => [path, undefined] as const), ...puts]);
}

/** Reconciles three trees; gives both sides as they are afterwards. */
function reconciled(
  [base, local, remote]: readonly [Entries, Entries, Entries],
  options: ReconcileOptions = optionsFor("last-write-wins"),
): { folder: Entries; server: Entries; found: Reconciliation } {
  const trees = { base: treeOf(base), local: treeOf(local), remote: treeOf(remote) };
  const found = reconcile(trees, options);
  return {
    folder: entriesOf(applied(trees.local, found.toFolder)),
    server: entriesOf(applied(trees.remote, found.toServer)),
    found,
  };
}

/** Makes sure that both sides end up alike, without a conflict. */
function agreesOn(trees: readonly [Entries, Entries, Entries], expected: Entries): void {
  const { folder, server, found } = reconciled(trees);
  assertEquals(folder, entriesOf(treeOf(expected)));
  assertEquals(server, folder);
  assertEquals(found.conflicts, []);
}

Deno.test("reconcile() carries what one side alone changed to the other", () => {
  const base = { a: file("1"), b: file("1"), c: file("1") };
  agreesOn([base, { a: file("2"), b: file("1"), d: file("4") }, { a: file("1"), b: file("3"), c: file("1") }], {
    a: file("2"),
    b: file("3"),
    d: file("4"),
  });
});

Deno.test("reconcile() finds no conflict where both sides did the same", () => {
  agreesOn([{}, { a: file("1") }, { a: file("1", { mtimeMs: 5 }) }], { a: file("1", { mtimeMs: 5 }) });
  agreesOn([{ a: file("0") }, { a: file("1") }, { a: file("1") }], { a: file("1") });
  agreesOn([{ a: file("0") }, {}, {}], {});
  agreesOn([{}, { d: directory(), "d/f": file("1") }, { d: directory(), "d/g": file("2") }], {
    "d/f": file("1"),
    "d/g": file("2"),
  });
});

Deno.test("reconcile() lets an edit outlive a deletion, on either side", () => {
  agreesOn([{ a: file("1") }, { a: file("2") }, {}], { a: file("2") });
  agreesOn([{ a: file("1") }, {}, { a: file("2") }], { a: file("2") });
});

Deno.test("reconcile() lets a deletion outlive a touch", () => {
  agreesOn([{ a: file("1") }, {}, { a: file("1", { mtimeMs: 9 }) }], {});
  agreesOn([{ d: directory() }, { d: directory(0o700) }, {}], {});
});

Deno.test("reconcile() takes permissions from one side and content from the other", () => {
  agreesOn([{ a: file("1") }, { a: file("1", { mode: 0o755 }) }, { a: file("2", { mtimeMs: 7 }) }], {
    a: file("2", { mode: 0o755, mtimeMs: 7 }),
  });
  agreesOn([{ a: file("1") }, { a: file("2") }, { a: file("1", { mode: 0o600 }) }], { a: file("2", { mode: 0o600 }) });
  agreesOn([{ a: file("1") }, { a: file("1", { mtimeMs: 8 }) }, { a: file("1", { mode: 0o600 }) }], {
    a: file("1", { mode: 0o600, mtimeMs: 8 }),
  });
});

Deno.test("reconcile() keeps a folder in which something was edited or added, and nothing else in it", () => {
  const base = { "d/a": file("1"), "d/b": file("1") };
  agreesOn([base, {}, { "d/a": file("2"), "d/b": file("1") }], { "d/a": file("2") });
  agreesOn([base, { ...base, "d/e/new": file("3") }, {}], { "d/e/new": file("3") });
});

Deno.test("reconcile() lets an edit follow its file to where the other side moved it", () => {
  const base = { "a/f": file("one"), "a/g": file("two") };
  const moved = { "b/f": file("one"), "b/g": file("two") };
  agreesOn([base, moved, { "a/f": file("edited"), "a/g": file("two") }], { "b/f": file("edited"), "b/g": file("two") });
  agreesOn([base, { "a/f": file("edited"), "a/g": file("two") }, moved], { "b/f": file("edited"), "b/g": file("two") });
});

Deno.test("reconcile() lets an edit follow its file onto a name that was taken, if the other side changed nothing there", () => {
  const base = { a: file("one"), b: file("two") };
  const moved = { b: file("one"), c: file("two") };
  agreesOn([base, moved, { a: file("edited"), b: file("two") }], { b: file("edited"), c: file("two") });
});

Deno.test("reconcile() takes permissions along to where the other side moved a file", () => {
  const base = { a: file("one") };
  const moved = { b: file("one", { mode: 0o755 }) };
  const edited = { a: file("edited", { mtimeMs: 9 }) };
  agreesOn([base, moved, edited], { b: file("edited", { mode: 0o755, mtimeMs: 9 }) });
  agreesOn([base, edited, moved], { b: file("edited", { mode: 0o755, mtimeMs: 9 }) });
  agreesOn([base, { b: file("one") }, { a: file("one", { mode: 0o755 }) }], { b: file("one", { mode: 0o755 }) });
  agreesOn([base, { a: file("one", { mode: 0o755 }) }, { b: file("one") }], { b: file("one", { mode: 0o755 }) });
  agreesOn([base, { b: file("one", { mtimeMs: 5 }) }, { a: file("one", { mtimeMs: 9 }) }], {
    b: file("one", { mtimeMs: 5 }),
  });
});

Deno.test("reconcile() brings no name back for an edit that the other side made and moved away", () => {
  const base = { a: file("one") };
  agreesOn([base, { a: file("edited") }, { b: file("edited") }], { b: file("edited") });
  agreesOn([base, { b: file("edited") }, { a: file("edited") }], { b: file("edited") });
});

Deno.test("reconcile() keeps what was added to a folder that the other side moved", () => {
  const base = { "a/f": file("one") };
  agreesOn([base, { "b/f": file("one") }, { "a/f": file("one"), "a/g": file("new") }], {
    "b/f": file("one"),
    "a/g": file("new"),
  });
});

Deno.test("reconcile() follows swaps and chains of moves", () => {
  const base = { a: file("one"), b: file("two"), c: file("three") };
  agreesOn([base, { a: file("two"), b: file("one"), c: file("three") }, base], {
    a: file("two"),
    b: file("one"),
    c: file("three"),
  });
  agreesOn([base, { b: file("one"), c: file("two") }, base], { b: file("one"), c: file("two") });
});

Deno.test("reconcile() gives the name to the later write and keeps the other beside it", () => {
  const { folder, server, found } = reconciled([
    { "d/a.txt": file("0") },
    { "d/a.txt": file("1", { mtimeMs: 20 }) },
    { "d/a.txt": file("2", { mtimeMs: 10 }) },
  ]);
  assertEquals(folder, server);
  assertEquals(Object.keys(folder), ["d", "d/a.conflict-20260131-080509-remote.txt", "d/a.txt"]);
  assertEquals(folder["d/a.txt"], file("1", { mtimeMs: 20 }));
  assertEquals(found.conflicts.map(({ path, outcome }) => [path, outcome]), [["d/a.txt", "local"]]);
});

Deno.test("reconcile() makes no copy of what lies beside it already", () => {
  const copy = "a.conflict-20200101-000000-x";
  const sides = [
    { a: file("0") },
    { a: file("1", { mtimeMs: 10 }) },
    { a: file("2", { mtimeMs: 20 }), [copy]: file("1") },
  ] as const;
  const { folder, server } = reconciled(sides);
  assertEquals(folder, server);
  assertEquals(Object.keys(folder), ["a", copy]);
});

Deno.test("reconcile() makes a copy if the one that lies beside it changes or goes", () => {
  const copy = "a.conflict-20200101-000000-x";
  const base = { a: file("0"), [copy]: file("1") };
  const remote = { a: file("2", { mtimeMs: 20 }), [copy]: file("1") };
  const changed = reconciled([base, { a: file("1", { mtimeMs: 10 }), [copy]: file("9") }, remote]);
  assertEquals(changed.folder["a.conflict-20260131-080509-local"], file("1", { mtimeMs: 10 }));
  const gone = reconciled([base, { a: file("1", { mtimeMs: 10 }) }, remote]);
  assertEquals(Object.keys(gone.folder), ["a", "a.conflict-20260131-080509-local"]);
});

Deno.test("reconcile() names the copy of a copy after the original", () => {
  const copy = "a.conflict-20200101-000000-x.txt";
  const { folder } = reconciled([{}, { [copy]: file("1", { mtimeMs: 1 }) }, { [copy]: file("2") }]);
  assertEquals(Object.keys(folder).sort(), [copy, "a.conflict-20260131-080509-local.txt"].sort());
});

Deno.test("reconcile() finds another name where the copy's is taken", () => {
  const taken = "a.conflict-20260131-080509-local";
  const { folder } = reconciled([{}, { a: file("1", { mtimeMs: 1 }), [taken]: file("9") }, { a: file("2") }]);
  assertEquals(Object.keys(folder), ["a", taken, "a.conflict-20260131-080510-local"]);
});

Deno.test("reconcile() leaves both sides as they are where somebody has to decide", () => {
  const sides = [{ a: file("0") }, { a: file("1") }, { a: file("2"), b: file("3") }] as const;
  const { folder, server, found } = reconciled(sides, optionsFor("manual"));
  assertEquals(folder, { a: file("1"), b: file("3") });
  assertEquals(server, { a: file("2"), b: file("3") });
  assertEquals(found.conflicts.map(({ outcome }) => outcome), ["manual"]);
});

Deno.test("reconcile() asks for a merge, takes its outcome, and keeps both where there is none", () => {
  const sides = [{ a: file("0") }, { a: file("1") }, { a: file("2") }] as const;
  assertEquals(reconciled(sides, optionsFor("merge")).found.conflicts.map(({ outcome }) => outcome), ["unmerged"]);
  const merged = reconciled(sides, optionsFor("merge", new Map([[at("a"), file("12")]])));
  assertEquals([merged.folder, merged.server], [{ a: file("12") }, { a: file("12") }]);
  const failed = reconciled(sides, optionsFor("merge", new Map([[at("a"), undefined]])));
  assertEquals(Object.values(failed.folder), [file("2"), file("1")]);
});

Deno.test("reconcile() lets a folder have the name, whatever the policy", () => {
  for (const policy of ["last-write-wins", "manual", "merge", "keep-both"] as const) {
    const sides = [{ x: file("0") }, { x: file("1") }, { "x/f": file("2") }] as const;
    const { folder, server } = reconciled(sides, optionsFor(policy));
    assertEquals(folder, server);
    assertEquals(Object.keys(folder), ["x", "x.conflict-20260131-080509-local", "x/f"]);
  }
  const swapped = reconciled([{ "x/f": file("0") }, { x: file("1") }, { "x/f": file("2") }]);
  assertEquals(Object.keys(swapped.folder), ["x", "x.conflict-20260131-080509-local", "x/f"]);
  assertEquals(swapped.folder, swapped.server);
});

Deno.test("reconcile() takes no copy for kept that is moved away itself", () => {
  const copy = "c.conflict-20260131-080509-m0";
  const base = { "c/x": file("1"), [copy]: file("2") };
  const local = { "c/x": file("edited"), [copy]: file("edited, too") };
  const { folder, server } = reconciled([base, local, { "c": file("2") }]);
  assertEquals(server, folder);
  const contents = Object.values(folder).map((entry) => entry.kind === "file" ? entry.content : undefined);
  assert(contents.includes(file("edited, too").content));
});

Deno.test("reconcile() counts a link as older than a file", () => {
  const { folder } = reconciled([{}, { x: symlink("y") }, { x: file("2", { mtimeMs: -5 }) }]);
  assertEquals(folder["x"], file("2", { mtimeMs: -5 }));
});

function rootOf(tree: Tree): string {
  return treeHashes(tree).get(rootPath)!;
}

/** The contents of a tree's files and links. */
function contentsOf(tree: Tree): Set<string> {
  const contents = new Set<string>();
  for (const [, { entry }] of walkTree(tree)) {
    if (entry.kind === "file") contents.add(entry.content);
    if (entry.kind === "symlink") contents.add(`-> ${entry.target}`);
  }
  return contents;
}

const anyPolicy = fc.constantFrom<ConflictPolicy>("last-write-wins", "keep-both", "manual");

Deno.test("reconcile() makes any two trees agree, and has nothing to do afterwards", () => {
  fc.assert(
    fc.property(anyTree, anyTree, anyTree, anyPolicy, (base, local, remote, policy) => {
      const options = optionsFor(policy);
      const found = reconcile({ base, local, remote }, options);
      const folder = applied(local, found.toFolder);
      const server = applied(remote, found.toServer);
      entriesOf(folder);
      entriesOf(server);
      const open = found.conflicts.filter(({ outcome }) => outcome === "manual").map(({ path }) => path);
      const agreed = (tree: Tree): Tree => withChanges(tree, open.map((path) => [path, undefined] as const));
      assertEquals(rootOf(agreed(folder)), rootOf(agreed(server)));
      if (open.length > 0) return;
      const again = reconcile({ base: server, local: folder, remote: server }, options);
      assertEquals([again.toFolder.puts.size, again.toFolder.deletes.size], [0, 0]);
      assertEquals([again.toServer.puts.size, again.toServer.deletes.size], [0, 0]);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("reconcile() loses no content that is new on either side", () => {
  fc.assert(
    fc.property(anyTree, anyTree, anyTree, anyPolicy, (base, local, remote, policy) => {
      const found = reconcile({ base, local, remote }, optionsFor(policy));
      const known = contentsOf(base);
      const kept = contentsOf(applied(local, found.toFolder)).union(contentsOf(applied(remote, found.toServer)));
      for (const side of [local, remote]) {
        for (const content of contentsOf(side)) assert(known.has(content) || kept.has(content));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("reconcile() does the same whichever side it is asked from", () => {
  const copyName: ReconcileOptions["copyName"] = (path, _side, attempt) =>
    conflictName(path, { client: "x", atMs: atMs + attempt * 1000 });
  fc.assert(
    fc.property(anyTree, anyTree, anyTree, (base, one, other) => {
      const options = { ...optionsFor("manual"), copyName };
      const there = reconcile({ base, local: one, remote: other }, options);
      const back = reconcile({ base, local: other, remote: one }, options);
      const paths = (found: Reconciliation): SafePath[] => found.conflicts.map(({ path }) => path);
      assertEquals(paths(there), paths(back));
    }),
    { numRuns: 500 },
  );
});
