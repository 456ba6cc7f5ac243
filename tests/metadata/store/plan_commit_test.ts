import { assert, assertEquals } from "@std/assert";
import type { SafePath } from "../../../lib/core/mod.ts";
import { type Commit, emptyTree, type Entry, type SpaceHead } from "../../../lib/metadata/mod.ts";
import { directoriesPerRequest, planCommit } from "../../../lib/metadata/store/plan_commit.ts";
import type { Row } from "../../../lib/metadata/store/row.ts";
import { at, contentOf, directory, file } from "./fixtures.ts";

const head: SpaceHead = { space: "s", revision: 4, root: emptyTree, files: 1, entries: 3, bytes: 1, committedAtMs: 0 };

/** Plans a commit against given rows; returns the plan, and which directories it asked for. */
function plan(puts: Record<string, Entry>, rows: Record<string, Row[]> = {}) {
  const commit: Commit = {
    id: "1",
    client: "c",
    committedAtMs: 9,
    baseRevision: head.revision,
    puts: new Map(Object.entries(puts).map(([path, entry]) => [at(path), entry])),
    deletes: new Set(),
    manifests: new Map(),
  };
  const planning = planCommit(head, commit);
  const requests: (readonly SafePath[])[] = [];
  let step = planning.next();
  while (!step.done) {
    requests.push(step.value);
    step = planning.next(step.value.map((directory) => rows[directory] ?? []));
  }
  assert(step.value.ok);
  return { plan: step.value.value, requests };
}

function row(name: string, entry: Entry): Row {
  return { name, entry, version: 1, revision: 1, tree: entry.kind === "directory" ? contentOf("tree") : undefined };
}

const rows = {
  "": [row("a", directory())],
  "a": [row("b", directory()), row("other", directory())],
  "a/b": [row("c", file("1"))],
};

Deno.test("planCommit() asks for the touched directories and those above them, bottom up", () => {
  const { plan: { changes, trees }, requests } = plan({ "a/b/c": file("2") }, rows);
  assertEquals(requests, [["a/b"], ["a"], [""]].map((paths) => paths.map(at)));
  assertEquals(changes.map(({ directory }) => directory), [at("a/b")]);
  assertEquals(
    trees.map(({ directory, name }) => [directory, name]),
    [["a", "b"], ["", "a"]].map(([d, n]) => [at(d!), n]),
  );
});

Deno.test("planCommit() asks for nothing above a directory in which nothing changes", () => {
  const { plan: { changes, trees, head: after }, requests } = plan({ "a/b/c": file("1") }, rows);
  assertEquals(requests, [[at("a/b")]]);
  assertEquals([changes.length, trees.length], [0, 0]);
  assert(after === head);
});

Deno.test("planCommit() looks into a directory that is replaced without being touched otherwise", () => {
  const { requests } = plan({ "a/other": file("2") }, rows);
  assertEquals(requests, [["a"], ["a/other"], [""]].map((paths) => paths.map(at)));
});

Deno.test("planCommit() asks for a bounded number of directories at a time", () => {
  const puts: Record<string, Entry> = {};
  for (let n = 0; n < directoriesPerRequest * 2 + 1; n++) {
    puts[`d${n}`] = directory();
    puts[`d${n}/f`] = file("1");
  }
  const { plan: { puts: count, changes }, requests } = plan(puts);
  assertEquals(requests.map(({ length }) => length), [directoriesPerRequest, directoriesPerRequest, 1, 1]);
  assertEquals(count, Object.keys(puts).length);
  const directories = changes.map(({ directory }) => directory);
  assertEquals(directories, directories.toSorted());
});
