import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import type { Replica } from "../support/replica.ts";
import { copiesIn, Scenario, treeWithoutCopies } from "../support/scenario.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

Deno.test("scenario 25: a rename that changes only the case, of a file and of nested folders, edited on the other side", async () => {
  await using scenario = await Scenario.make({ "readme.md": "1", "src/lib/file": "2", "src/lib/same": "3" });
  const { a, b } = scenario;
  Deno.renameSync(a.at("readme.md"), a.at("README.md"));
  Deno.renameSync(a.at("src/lib"), a.at("src/Lib"));
  Deno.renameSync(a.at("src"), a.at("Src"));
  b.write({ "readme.md": "edited", "src/lib/file": "edited too" });
  await scenario.settle();
  const expected = { "README.md": "edited", "Src/": "", "Src/Lib/": "", "Src/Lib/file": "edited too" };
  assertEquals(b.tree(), { ...expected, "Src/Lib/same": "3" });
});

Deno.test("scenario 25: names equal but for case, and in NFC and NFD, from both sides at once", async () => {
  await using scenario = await Scenario.make();
  const { a, b } = scenario;
  a.write({ "Readme": "1", "caf\u00e9/f": "2" });
  b.write({ "README": "3", "cafe\u0301/f": "4" });
  const reports = await scenario.settle();
  assertEquals(reports.flatMap(({ conflicts }) => conflicts), []);
  const expected = { "README": "3", "Readme": "1", "cafe\u0301/": "", "cafe\u0301/f": "4" };
  assertEquals(a.tree(), { ...expected, "caf\u00e9/": "", "caf\u00e9/f": "2" });
});

const oddNames = [
  ...["new\nline", "tab\there", "\u{1f600} emoji", "trailing dot.", "trailing space ", "-dash", "CON", "aux.txt"],
  ...["a:b", 'quote"<>|?*', "%2e%2e", "..hidden", ".dfsx", "\u202e right to left", "\u0001control", "#?&="],
  ...["a".repeat(255), "\u{1f600}".repeat(63), `${"n".repeat(240)}.extension.txt`],
];

Deno.test("scenario 26: names of every kind, made, edited and in conflict on both sides", async () => {
  await using scenario = await Scenario.make();
  const { a, b } = scenario;
  for (const name of oddNames) {
    a.write({ [`${name}/${name}`]: "of a", [`only a/${name}`]: "1" });
    b.write({ [`${name}/${name}`]: "of b, which is later", [`only b/${name}`]: "2" });
    Deno.utimeSync(a.at(`${name}/${name}`), 1000, 1000);
  }
  await scenario.settle();
  const tree = treeWithoutCopies(a);
  for (const name of oddNames) {
    assertEquals([tree[`${name}/${name}`], tree[`only a/${name}`], tree[`only b/${name}`]], [
      "of b, which is later",
      "1",
      "2",
    ]);
  }
  assertEquals(copiesIn(a), oddNames.map(() => "of a"));
});

Deno.test("scenario 26: deep paths, edited on both sides", async () => {
  await using scenario = await Scenario.make();
  const { a, b } = scenario;
  const deep = Array.from({ length: 300 }, () => "ten-bytes-").join("/");
  Deno.mkdirSync(a.at(deep), { recursive: true });
  Deno.writeTextFileSync(a.at(`${deep}/bottom`), "here");
  await scenario.settle();
  a.write({ [`${deep}/bottom`]: "edited" });
  b.write({ [`${deep.slice(0, 1000)}/beside`]: "new" });
  await scenario.settle();
  assertEquals(Deno.readTextFileSync(b.at(`${deep}/bottom`)), "edited");
});
// Scenario 26, names that cannot be stored or that another platform forbids: tests/client/names_test.ts,
// tests/core/safe_path_test.ts.

Deno.test("scenario 27: empty files, empty folders and files with holes, made and emptied on both sides", async () => {
  await using scenario = await Scenario.make({ "full": "content", "filled": "", "dir/f": "1" });
  const { a, b } = scenario;
  a.write({ "full": "", "new empty": "" });
  b.write({ "filled": "content", "new empty": "" });
  a.remove("dir/f");
  Deno.mkdirSync(b.at("hollow/inside"), { recursive: true });
  {
    using sparse = Deno.openSync(b.at("sparse"), { create: true, write: true });
    sparse.seekSync(5_000_000, Deno.SeekMode.Start);
    sparse.writeSync(new TextEncoder().encode("end"));
  }
  const reports = await scenario.settle();
  // Zeros are cut into equal chunks, and one of each is moved.
  for (const { sentBytes, fetchedBytes, conflicts } of reports) {
    assert(sentBytes + fetchedBytes < 1_000_000, `${sentBytes} and ${fetchedBytes} bytes were moved`);
    assertEquals(conflicts, []);
  }
  const { sparse, ...rest } = b.tree();
  assertEquals(sparse!.length, 5_000_003);
  const expected = {
    "dir/": "",
    "filled": "content",
    "full": "",
    "hollow/": "",
    "hollow/inside/": "",
    "new empty": "",
  };
  assertEquals(rest, expected);
});

Deno.test("scenario 27: thousands of files in one folder, some of them changed on both sides", async () => {
  const count = 2000;
  await using scenario = await Scenario.make();
  const { a, b } = scenario;
  Deno.mkdirSync(a.at("many"));
  for (let index = 0; index < count; index++) Deno.writeTextFileSync(a.at(`many/file ${index}`), `content ${index}`);
  await a.sync();
  await b.sync();
  a.write({ "many/file 7": "of a", "many/file 1999": "of a" });
  b.write({ "many/file 8": "of b", "many/new": "of b" });
  const reports = [await a.sync(), await b.sync(), await a.sync()];
  assertEquals(reports.map(({ changes }) => changes.length), [2, 4, 2]);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals((await b.sync()).changes, []);
});
// Scenario 27, 100,000 files in one folder and a file larger than memory: bench/ measures both.

Deno.test("scenario 28: links of every kind, made, turned and replaced on both sides", async () => {
  await using scenario = await Scenario.make({ "dir/file": "1", "kept": "1" });
  const { a, b } = scenario;
  const targets = { "rel": "dir/file", "up": "../outside", "abs": "/etc/hostname", "none": "nowhere", "self": "self" };
  for (const [name, target] of Object.entries(targets)) Deno.symlinkSync(target, a.at(name));
  Deno.symlinkSync("two", b.at("one"));
  Deno.symlinkSync("one", b.at("two"));
  Deno.symlinkSync("..", b.at("dir/parent"));
  await scenario.settle();
  assertEquals(b.tree()["self"], "-> self");
  assertEquals(a.tree()["dir/parent"], "-> ..");
  a.remove("rel", "up", "none");
  Deno.symlinkSync("kept", a.at("rel"));
  b.remove("rel", "abs");
  Deno.symlinkSync("dir", b.at("rel"));
  b.write({ "abs": "a file now" });
  await scenario.settle();
  const tree = a.tree();
  assertEquals([tree["abs"], tree["none"], tree["up"]], ["a file now", undefined, undefined]);
  assertEquals([tree["rel"], ...copiesIn(a)].sort(), ["-> dir", "-> kept"]);
});

Deno.test("scenario 28: a link that took the place of a folder redirects neither a write nor a delete", async () => {
  await using outside = await TempFolder.make({ "f": "mine", "gone": "mine", "deep/f": "mine" });
  const before = readTree(outside.path);
  await using scenario = await Scenario.make({ "dir/f": "1", "dir/gone": "1", "dir/deep/f": "1", "kept": "1" });
  const { a, b } = scenario;
  a.write({ "dir/f": "2", "dir/new": "2", "dir/deep/f": "2" });
  a.remove("dir/gone");
  await a.sync();
  b.remove("dir");
  Deno.symlinkSync(outside.path, b.at("dir"));
  await scenario.settle({ order: [b, a] });
  const expected = { "dir/": "", "dir/deep/": "", "dir/deep/f": "2", "dir/f": "2", "dir/new": "2", "kept": "1" };
  assertEquals(treeWithoutCopies(b), expected);
  assertEquals(copiesIn(b), [`-> ${outside.path}`]);
  assertEquals(readTree(outside.path), before);
});

Deno.test("scenario 28: a link that takes the place of a folder in the middle of a run redirects nothing", async () => {
  await using outside = await TempFolder.make({ "f": "mine", "gone": "mine" });
  await using scenario = await Scenario.make({ "dir/f": "1", "dir/gone": "1", "kept": "1" });
  const { a, b } = scenario;
  a.write({ "dir/f": "2", "dir/new": "2", "kept": "2" });
  a.remove("dir/gone");
  await a.sync();
  const report = await b.sync({
    progress: {
      phase(phase) {
        if (phase !== "apply") return;
        b.remove("dir");
        Deno.symlinkSync(outside.path, b.at("dir"));
      },
      expect() {},
      advance() {},
    },
  });
  assertEquals(report.problems.map(({ path }) => path).sort(), ["dir/f", "dir/gone", "dir/new"]);
  assertEquals(b.tree(), { "dir": `-> ${outside.path}`, "kept": "2" });
  await scenario.settle();
  assertEquals(readTree(outside.path), { "f": "mine", "gone": "mine" });
});

/** Every run of the test's folder `b` in which some of it is closed, and what the server changed there meanwhile. */
const changesAbove: Readonly<Record<string, (a: Replica) => void>> = {
  "nothing changes": () => {},
  "it is edited": (a) => a.write({ "secret": "2", "closed/f": "2", "closed/deep/g": "2" }),
  "it is deleted": (a) => a.remove("secret", "closed"),
  "it is renamed": (a) => {
    Deno.renameSync(a.at("secret"), a.at("moved secret"));
    Deno.renameSync(a.at("closed"), a.at("moved"));
  },
  "it is added to": (a) => a.write({ "closed/new": "2", "closed/deep/er/new": "2" }),
  "it is of another kind": (a) => {
    a.remove("secret", "closed");
    a.write({ "secret/x": "2", "closed": "2" });
  },
};

for (const [what, change] of Object.entries(changesAbove)) {
  Deno.test(`scenario 29: an unreadable file and folder, while on the other side ${what}`, async () => {
    const files = { "closed/f": "1", "closed/deep/g": "1", "open": "1", "secret": "1", "here/h": "1" };
    await using scenario = await Scenario.make(files);
    const { a, b } = scenario;
    // A file that did not change need not be read, and would be no trouble.
    b.write({ "secret": "edited by b", "open": "edited by b", "here/new": "added by b" });
    b.remove("here/h");
    const before = { closed: readTree(b.at("closed")), secret: "edited by b" };
    change(a);
    a.write({ "of a": "new" });
    await a.sync();
    const served = a.tree();
    const closed = ["secret", "closed"];
    for (let run = 0; run < 2; run++) {
      const report = await b.sync({ closed });
      assertEquals(report.problems.map(({ path, kind }) => `${kind} ${path}`).sort().slice(0, 2), [
        "unreadable closed",
        "unreadable secret",
      ]);
      assert(!report.synchronized);
      assertEquals([readTree(b.at("closed")), b.tree()["secret"]], [before.closed, before.secret]);
      assertEquals([b.tree()["of a"], b.tree()["open"]], ["new", "edited by b"]);
    }
    // The rest went both ways, and of what is closed nothing.
    await a.sync();
    const { "here/h": _deleted, ...kept } = served;
    assertEquals(a.tree(), { ...kept, "here/new": "added by b", "open": "edited by b" });
    await scenario.settle();
    assert(Object.values(a.tree()).includes("edited by b"));
  });
}

Deno.test("scenario 29: files that cannot be read are told of, and are not there for others until they can", async () => {
  await using scenario = await Scenario.make({ "f": "1" });
  const { a, b } = scenario;
  a.write({ "new secret": "s", "closed/new": "n", "open": "o" });
  const report = await a.sync({ closed: ["new secret", "closed"] });
  assertEquals(report.problems.map(({ path }) => path).sort(), ["closed", "new secret"]);
  for (const { problem } of report.problems) assertStringIncludes(problem, "ermission");
  await b.sync();
  assertEquals(b.tree(), { "f": "1", "open": "o" });
  await scenario.settle();
  assertEquals(b.tree(), { "closed/": "", "closed/new": "n", "f": "1", "new secret": "s", "open": "o" });
});
// Scenario 29 as another user sees it, through the program: tests/client/permissions_test.ts.

Deno.test("scenario 30: permissions and times survive the round trip, of what is made, changed, moved and in conflict", async () => {
  await using scenario = await Scenario.make({ "run": "#!/bin/sh", "ro": "1", "dir/f": "2", "fight": "old" });
  const { a, b } = scenario;
  const set = (replica: Replica, path: string, mode: number, seconds?: number): void => {
    Deno.chmodSync(replica.at(path), mode);
    if (seconds !== undefined) Deno.utimeSync(replica.at(path), seconds, seconds);
  };
  set(a, "run", 0o755, 1_234_567_890.123);
  a.write({ "new": "n" });
  set(a, "new", 0o600, 1000);
  set(b, "ro", 0o444);
  set(b, "dir", 0o750);
  a.write({ "fight": "of a" });
  b.write({ "fight": "of b" });
  set(a, "fight", 0o700, 2000);
  set(b, "fight", 0o640, 3000);
  await scenario.settle();
  const facts = (path: string): [number, number] => {
    const { mode, mtime } = Deno.lstatSync(b.at(path));
    return [mode! & 0o777, mtime!.getTime()];
  };
  assertEquals(facts("run"), [0o755, 1_234_567_890_123]);
  assertEquals(facts("new"), [0o600, 1_000_000]);
  assertEquals(facts("fight"), [0o640, 3_000_000]);
  const copy = Object.keys(b.tree()).find((path) => path.includes(".conflict-"))!;
  assertEquals(facts(copy), [0o700, 2_000_000]);
  assertEquals([facts("ro")[0], facts("dir")[0]], [0o444, 0o750]);
  Deno.renameSync(b.at("run"), b.at("moved"));
  Deno.chmodSync(a.at("run"), 0o700);
  await scenario.settle();
  assertEquals(Deno.lstatSync(a.at("moved")).mtime!.getTime(), 1_234_567_890_123);
});

Deno.test("scenario 30: what a disk does not keep is told once, tried once, and taken from nobody else", async () => {
  await using scenario = await Scenario.make();
  const { a, b } = scenario;
  a.write({ "run": "#!/bin/sh", "f": "1", "d/g": "2" });
  Deno.chmodSync(a.at("run"), 0o755);
  Deno.chmodSync(a.at("d"), 0o750);
  for (const path of ["run", "f", "d/g"]) Deno.utimeSync(a.at(path), 1000, 1000);
  await a.sync();
  const forgetful = true;
  const told: string[][] = [];
  for (let run = 0; run < 3; run++) {
    const { problems, changes, sentBytes, revision, synchronized } = await b.sync({ forgetful });
    told.push(problems.map(({ kind, path }) => `${kind} ${path}`));
    assertEquals([changes.length, sentBytes, revision, synchronized], [run === 0 ? 4 : 0, 0, 1, true]);
  }
  assertEquals(told, [["unsupported d/g", "unsupported f", "unsupported run", "unsupported d"], [], []]);
  const { local, remote, synchronized } = await b.status();
  assertEquals([local, remote, synchronized], [[], [], true]);

  const modesAt = (): number[] => ["run", "f", "d"].map((path) => Deno.lstatSync(a.at(path)).mode! & 0o777);
  const modes = modesAt();
  b.write({ "f": "edited by b" });
  assertEquals((await b.sync({ forgetful })).conflicts, []);
  a.write({ "run": "#!/bin/bash" });
  await a.sync();
  const { conflicts, problems } = await b.sync({ forgetful });
  assertEquals([conflicts, problems.map(({ path }) => path)], [[], ["run"]]);
  b.write({ "run": "#!/bin/dash" });
  await b.sync({ forgetful });
  assertEquals((await b.push()).changes, []);
  await a.sync();
  for (const replica of [a, b]) {
    assertEquals(replica.tree(), { "d/": "", "d/g": "2", "f": "edited by b", "run": "#!/bin/dash" });
  }
  assertEquals([modesAt(), modes], [modes, [0o755, modes[1]!, 0o750]]);
  assertEquals(Deno.lstatSync(a.at("d/g")).mtime!.getTime(), 1_000_000);

  Deno.chmodSync(b.at("run"), 0o500);
  await b.sync({ forgetful });
  await a.sync();
  assertEquals(modesAt()[0], 0o500);
});
