import { assert, assertEquals } from "@std/assert";
import type { Replica } from "../support/replica.ts";
import { conflictsOf, copiesIn, Scenario, treeWithoutCopies, writeAt } from "../support/scenario.ts";

function move(replica: Replica, from: string, to: string): void {
  Deno.mkdirSync(replica.at(to.slice(0, to.lastIndexOf("/") + 1)), { recursive: true });
  Deno.renameSync(replica.at(from), replica.at(to));
}

Deno.test("scenario 1: both sides create the identical file: no conflict, no copy, nothing moved twice", async () => {
  await using scenario = await Scenario.make();
  const { a, b } = scenario;
  writeAt(a, "f", "same", 1000);
  writeAt(b, "f", "same", 2000);
  Deno.chmodSync(b.at("f"), 0o600);
  const reports = await scenario.settle();
  assertEquals(conflictsOf(reports), []);
  assertEquals(reports.map(({ revision }) => revision), reports.map(() => 1));
  assertEquals(reports[1]!.sentBytes + reports[1]!.fetchedBytes, 0);
  assertEquals(a.tree(), { "f": "same" });
});

Deno.test("scenario 1: both sides change a file alike, or only its time or permissions: no conflict, no copy", async () => {
  await using scenario = await Scenario.make({ "edited": "1", "times": "2", "modes": "3", "mixed": "4", "dir/x": "5" });
  const { a, b } = scenario;
  writeAt(a, "edited", "new", 1000);
  writeAt(b, "edited", "new", 2000);
  Deno.utimeSync(a.at("times"), 1000, 1000);
  Deno.utimeSync(b.at("times"), 2000, 2000);
  Deno.chmodSync(a.at("modes"), 0o600);
  Deno.chmodSync(b.at("modes"), 0o755);
  Deno.chmodSync(a.at("mixed"), 0o755);
  writeAt(b, "mixed", "edited", 3000);
  Deno.chmodSync(a.at("dir"), 0o700);
  Deno.chmodSync(b.at("dir"), 0o750);
  const reports = await scenario.settle();
  assertEquals(conflictsOf(reports), []);
  assertEquals(a.tree(), { "dir/": "", "dir/x": "5", "edited": "new", "mixed": "edited", "modes": "3", "times": "2" });
  const { mode, mtime } = Deno.lstatSync(a.at("mixed"));
  assertEquals([mode! & 0o777, mtime!.getTime()], [0o755, 3_000_000]);
});

Deno.test("scenario 2: different files at one path: both exist on all replicas under the same names", async () => {
  for (const [timeA, timeB] of [[1000, 2000], [2000, 1000], [1000, 1000]] as const) {
    await using scenario = await Scenario.make();
    const { a, b } = scenario;
    writeAt(a, "dir/f.txt", "of a", timeA);
    writeAt(b, "dir/f.txt", "of b", timeB);
    const reports = await scenario.settle();
    assertEquals(conflictsOf(reports).length, 1);
    const [winner, loser] = timeB > timeA ? ["of b", "of a"] : ["of a", "of b"];
    assertEquals(treeWithoutCopies(a), { "dir/": "", "dir/f.txt": winner });
    assertEquals(copiesIn(a), [loser]);
  }
});

Deno.test("scenario 3: edit against delete: the edit survives, whoever runs first, and history says so", async () => {
  await using scenario = await Scenario.make({ "deleted by a": "1", "deleted by b": "1" });
  const { a, b } = scenario;
  a.remove("deleted by a");
  b.remove("deleted by b");
  b.write({ "deleted by a": "edited by b" });
  a.write({ "deleted by b": "edited by a" });
  const reports = await scenario.settle();
  assertEquals(conflictsOf(reports), []);
  assertEquals(a.tree(), { "deleted by a": "edited by b", "deleted by b": "edited by a" });
  const history = async (path: string): Promise<string[]> => {
    const response = await fetch(`${scenario.url}/api/spaces/default/history?path=${encodeURIComponent(path)}`);
    const { versions } = await response.json();
    return versions.map(({ kind }: { kind: string }) => kind);
  };
  assertEquals(await history("deleted by a"), ["file", "deleted", "file"]);
  assertEquals(await history("deleted by b"), ["file", "file"]);
});

Deno.test("scenario 3: a mere touch does not keep what the other side deleted", async () => {
  await using scenario = await Scenario.make({ "f": "1", "g": "1", "kept": "1" });
  scenario.a.remove("f");
  Deno.utimeSync(scenario.b.at("f"), 1000, 1000);
  scenario.b.remove("g");
  Deno.chmodSync(scenario.a.at("g"), 0o600);
  await scenario.settle();
  assertEquals(scenario.tree(), { "kept": "1" });
});

for (const order of ["the deleting side", "the other side"]) {
  Deno.test(`scenario 4: edit, or add, inside a folder that the other side deleted; ${order} runs first`, async () => {
    await using scenario = await Scenario.make({ "d/edited": "1", "d/left": "1", "e/deep/left": "1", "kept": "1" });
    const { a, b } = scenario;
    a.remove("d", "e");
    b.write({ "d/edited": "2", "e/deep/er/added": "3" });
    await scenario.settle({ order: order === "the deleting side" ? [a, b] : [b, a] });
    const expected = { "d/": "", "d/edited": "2", "e/": "", "e/deep/": "", "e/deep/er/": "", "e/deep/er/added": "3" };
    assertEquals(a.tree(), { ...expected, "kept": "1" });
  });
}

Deno.test("scenario 5: a folder deleted in part, while a file of it that stays is edited", async () => {
  await using scenario = await Scenario.make({ "d/x": "1", "d/y": "1", "d/z/w": "1", "d/z/v": "1" });
  const { a, b } = scenario;
  a.remove("d/x", "d/z/w");
  b.write({ "d/y": "2", "d/z/v": "2" });
  const reports = await scenario.settle();
  assertEquals(conflictsOf(reports), []);
  assertEquals(a.tree(), { "d/": "", "d/y": "2", "d/z/": "", "d/z/v": "2" });
});

for (const first of ["mover", "editor"] as const) {
  Deno.test(`scenario 6: a folder is renamed while the other side edits in it and adds to it; the ${first} runs first`, async () => {
    await using scenario = await Scenario.make({ "A/f": "old f", "A/same": "s", "A/deep/h": "old h" });
    const { a, b } = scenario;
    move(a, "A", "B");
    b.write({ "A/f": "new f", "A/deep/h": "new h", "A/g": "added" });
    await scenario.settle({ order: first === "mover" ? [a, b] : [b, a] });
    // The edits go along; what is new has no other place than the one it was put in.
    const expected = { "B/": "", "B/deep/": "", "B/deep/h": "new h", "B/f": "new f", "B/same": "s" };
    assertEquals(a.tree(), { "A/": "", "A/g": "added", ...expected });
  });
}

Deno.test("scenario 7: two files renamed onto one name: both contents live on", async () => {
  await using scenario = await Scenario.make({ "one": "1", "two": "2" });
  const { a, b } = scenario;
  move(a, "one", "three");
  move(b, "two", "three");
  await scenario.settle();
  assertEquals(Object.keys(treeWithoutCopies(a)), ["three"]);
  assertEquals(Object.values(a.tree()).sort(), ["1", "2"]);
});

Deno.test("scenario 7: two folders swapped, and edited on the other side", async () => {
  await using scenario = await Scenario.make({ "A/x": "a's", "B/y": "b's", "A/same": "in a", "B/same": "in b" });
  const { a, b } = scenario;
  move(a, "A", "tmp");
  move(a, "B", "A");
  move(a, "tmp", "B");
  b.write({ "A/x": "a's, edited" });
  await scenario.settle();
  const expected = { "A/": "", "A/same": "in b", "A/y": "b's", "B/": "", "B/same": "in a", "B/x": "a's, edited" };
  assertEquals(a.tree(), expected);
});

Deno.test("scenario 7: a rename chain a->b->c, with an edit of the first on the other side", async () => {
  await using scenario = await Scenario.make({ "a": "first", "b": "second" });
  const { a, b } = scenario;
  move(a, "b", "c");
  move(a, "a", "b");
  b.write({ "a": "first, edited" });
  const reports = await scenario.settle();
  assertEquals(conflictsOf(reports), []);
  assertEquals(a.tree(), { "b": "first, edited", "c": "second" });
});

Deno.test("scenario 7: opposing moves that would make a cycle", async () => {
  await using scenario = await Scenario.make({ "A/x": "1", "B/y": "2" });
  const { a, b } = scenario;
  move(a, "A", "B/A");
  move(b, "B", "A/B");
  await scenario.settle();
  const expected = { "A/": "", "A/B/": "", "A/B/y": "2", "B/": "", "B/A/": "", "B/A/x": "1" };
  assertEquals(a.tree(), expected);
});

Deno.test("scenario 7: both sides move one file to different names", async () => {
  await using scenario = await Scenario.make({ "f": "content", "kept": "1" });
  const { a, b } = scenario;
  move(a, "f", "here");
  move(b, "f", "there");
  await scenario.settle();
  assertEquals(a.tree(), { "here": "content", "kept": "1", "there": "content" });
});

Deno.test("scenario 8: rename and edit at once, the old time and length kept", async () => {
  await using scenario = await Scenario.make({ "f": "before", "g": "unmoved" });
  const { a } = scenario;
  const { mtime } = Deno.lstatSync(a.at("f"));
  move(a, "f", "moved");
  a.write({ "moved": "behind", "f": "afresh" });
  for (const path of ["moved", "f"]) Deno.utimeSync(a.at(path), mtime!, mtime!);
  await scenario.settle();
  assertEquals(scenario.b.tree(), { "f": "afresh", "g": "unmoved", "moved": "behind" });
});

/** What may come to live at a path. */
const kinds: Readonly<Record<string, (place: string) => void>> = {
  "a file": (place) => Deno.writeTextFileSync(place, "a file's content"),
  "an empty folder": (place) => Deno.mkdirSync(place),
  "a full folder": (place) => {
    Deno.mkdirSync(`${place}/inner`, { recursive: true });
    Deno.writeTextFileSync(`${place}/inner/file`, "inside");
  },
  "a link": (place) => Deno.symlinkSync("beside", place),
};

for (const start of ["a file", "a full folder"]) {
  Deno.test(`scenario 9: ${start} becomes anything else, on one side and on both, edited or not on the other`, async () => {
    const ends = Object.keys(kinds).filter((kind) => kind !== start);
    const others = [...Object.keys(kinds), "nothing", "an edit", "no change"];
    const cases = ends.flatMap((end) => others.map((other) => ({ end, other, path: `${start} to ${end}, ${other}` })));
    await using scenario = await Scenario.make({ "kept": "1" });
    const { a, b } = scenario;
    for (const { path } of cases) kinds[start]!(a.at(path));
    await scenario.settle();
    for (const { end, other, path } of cases) {
      a.remove(path);
      kinds[end]!(a.at(path));
      if (other === "an edit") b.write({ [start === "a file" ? path : `${path}/inner/file`]: `edited in ${path}` });
      else if (other !== "no change") b.remove(path);
      kinds[other]?.(b.at(path));
    }
    const reports = await scenario.settle({ run: { confirmDeletes: cases.length } });
    const inConflict = reports.flatMap(({ conflicts }) => conflicts.map(({ path }) => path));
    assertEquals(inConflict.length, new Set(inConflict).size, "No path is in conflict twice");
    const texts = Object.values(a.tree());
    for (const { other, path } of cases) {
      if (other === "no change" || other === "nothing") assert(!inConflict.some((found) => found === path), path);
      if (other === "an edit") assert(texts.includes(`edited in ${path}`), `An edit is lost: ${path}`);
    }
  });
}

Deno.test("scenario 9: file against symlink, new on both sides: both live on", async () => {
  await using scenario = await Scenario.make({ "kept": "1" });
  const { a, b } = scenario;
  a.write({ "x": "content" });
  Deno.symlinkSync("kept", b.at("x"));
  await scenario.settle();
  assertEquals(treeWithoutCopies(a), { "kept": "1", "x": "content" });
  assertEquals(copiesIn(a), ["-> kept"]);
});

Deno.test("scenario 9: a folder becomes a link while the other side edits in it", async () => {
  await using scenario = await Scenario.make({ "d/f": "1", "d/g": "1", "kept": "1" });
  const { a, b } = scenario;
  a.remove("d");
  Deno.symlinkSync("kept", a.at("d"));
  b.write({ "d/f": "2" });
  await scenario.settle({ order: [b, a] });
  assertEquals(treeWithoutCopies(a), { "d/": "", "d/f": "2", "kept": "1" });
  assertEquals(copiesIn(a), ["-> kept"]);
});

Deno.test("scenario 10: three clients in conflict at once: every content lives on once, and no more comes after", async () => {
  await using scenario = await Scenario.make({ "f.txt": "old" }, 3);
  const { a, b, c } = scenario;
  writeAt(a, "f.txt", "of a", 2000);
  writeAt(b, "f.txt", "of b", 3000);
  writeAt(c, "f.txt", "of c", 1000);
  await scenario.settle();
  assertEquals(treeWithoutCopies(a), { "f.txt": "of b" });
  assertEquals(copiesIn(a), ["of a", "of c"]);
});

Deno.test("scenario 10: a conflict on a conflict copy", async () => {
  await using scenario = await Scenario.make({ "f.txt": "old" });
  const { a, b } = scenario;
  writeAt(a, "f.txt", "of a", 2000);
  writeAt(b, "f.txt", "of b", 1000);
  await scenario.settle();
  const copy = Object.keys(a.tree()).find((path) => path.includes(".conflict-"))!;
  writeAt(a, copy, "copy edited by a", 2000);
  writeAt(b, copy, "copy edited by b", 1000);
  await scenario.settle();
  assertEquals(copiesIn(a), ["copy edited by a", "copy edited by b"]);
  for (const path of Object.keys(a.tree())) assertEquals(path.split(".conflict-").length <= 2, true, path);
  assertEquals(treeWithoutCopies(a), { "f.txt": "of a" });
});

Deno.test("scenario 10: conflict copies that are deleted stay deleted", async () => {
  await using scenario = await Scenario.make({ "f": "old" });
  const { a, b } = scenario;
  writeAt(a, "f", "of a", 2000);
  writeAt(b, "f", "of b", 1000);
  await scenario.settle();
  for (const path of Object.keys(b.tree())) if (path.includes(".conflict-")) b.remove(path);
  await scenario.settle();
  assertEquals(a.tree(), { "f": "of a" });
});

// Scenarios 11 and 12: policies_test.ts.
