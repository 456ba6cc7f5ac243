import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { rootPath } from "../../../lib/core/mod.ts";
import { type Entry, MemoryMetadataStore, type MetadataStore, openSqliteStore } from "../../../lib/metadata/mod.ts";
import type { RestoreProblem, RestoreReply, RestoreRequest } from "../../../lib/sync/service/mod.ts";
import { type CutContent, cutContent } from "../../support/cut_content.ts";
import { ServiceFixture, space } from "../../support/service_fixture.ts";
import { databaseFolder } from "../../metadata/store/sqlite_fixtures.ts";
import { at, directory, readEntries, symlink } from "../../metadata/store/fixtures.ts";
import { noise } from "../../storage/fixtures.ts";

const text = (words: string) => cutContent(new TextEncoder().encode(words));
const large = cutContent(noise(300_000, 1));

type State = Readonly<Record<string, CutContent | Entry>>;

/** Commits what turns the space into a state. */
async function become(fixture: ServiceFixture, state: State): Promise<void> {
  const now = await readEntries(fixture.metadata.entries(space));
  const gone = Object.keys(now).filter((path) => !(path in state)).map((path) => [path, undefined] as const);
  for (const content of Object.values(state)) if (!("kind" in content)) await fixture.store(content);
  await fixture.apply({ ...Object.fromEntries(gone), ...state });
}

/** Everything in the space now, as states tell it. */
function live(fixture: ServiceFixture): Promise<Record<string, Entry>> {
  return readEntries(fixture.metadata.entries(space));
}

/** The entries of a state, sorted by path. */
function entriesOf(state: State): Record<string, Entry> {
  const entries = Object.entries(state).map(([path, content]) => {
    return [path, "kind" in content ? content : content.entry] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
}

let ids = 0;

async function restore(
  fixture: ServiceFixture,
  path: string,
  request: Partial<RestoreRequest> & Pick<RestoreRequest, "to">,
): Promise<RestoreReply> {
  const outcome = await attempt(fixture, path, request);
  assert("revision" in outcome && "changes" in outcome, `It was refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

async function attempt(
  fixture: ServiceFixture,
  path: string,
  request: Partial<RestoreRequest> & Pick<RestoreRequest, "to">,
): Promise<RestoreReply | RestoreProblem> {
  const outcome = await fixture.service.restore(space, {
    path: at(path),
    exact: false,
    dryRun: false,
    id: `restore-${++ids}`,
    client: "desk",
    ...request,
  });
  return outcome.ok ? outcome.value : outcome.error;
}

/** Restores what must be refused, and makes sure that nothing came of it. */
async function refuse(
  fixture: ServiceFixture,
  path: string,
  request: Partial<RestoreRequest> & Pick<RestoreRequest, "to">,
): Promise<RestoreProblem> {
  const before = await fixture.service.head(space);
  const outcome = await attempt(fixture, path, request);
  assert("reason" in outcome, "It was restored");
  assertEquals(await fixture.service.head(space), before);
  return outcome;
}

const changed = ({ changes }: RestoreReply) => changes.map(({ path, change }) => `${change} ${path}`);

/** What a test works on: the past that most of them need. */
const first: State = {
  "notes": text("one"),
  "docs": directory(0o700),
  "docs/a": text("a1"),
  "docs/big": large,
  "docs/deep": directory(),
  "docs/deep/b": text("b1"),
  "docs/link": symlink("a"),
};
const second: State = {
  "notes": text("two"),
  "docs": directory(0o755),
  "docs/a": text("a2"),
  "docs/deep": directory(),
  "docs/deep/new": text("new"),
  "docs/added": text("added"),
};

/** Runs a test on each kind of store, over a space that was `first`, then `second`. */
function test(name: string, run: (fixture: ServiceFixture) => Promise<void>): void {
  const on = async (metadata: MetadataStore) => {
    await using _ = metadata;
    const fixture = await ServiceFixture.make(metadata);
    await become(fixture, first);
    fixture.time.pass(1000);
    await become(fixture, second);
    fixture.time.pass(1000);
    await run(fixture);
  };
  Deno.test(`restore() ${name}, in memory`, () => on(new MemoryMetadataStore()));
  Deno.test(`restore() ${name}, in SQLite`, async () => {
    await using folder = await databaseFolder();
    await on(openSqliteStore(folder.path));
  });
}

test("brings back a version of a file as a new revision, and history keeps all", async (fixture) => {
  const reply = await restore(fixture, "notes", { to: { version: 1 } });
  assertEquals([reply.revision, reply.source, changed(reply)], [3, 1, ["modified notes"]]);
  assertEquals(reply.root, (await fixture.service.head(space))!.root);
  assertEquals(await live(fixture), entriesOf({ ...second, notes: first["notes"]! }));
  const history = await fixture.service.history(space, at("notes"));
  assertEquals(history.map(({ version, revision, client }) => [version, revision, client]), [
    [3, 3, "desk"],
    [2, 2, "laptop"],
    [1, 1, "laptop"],
  ]);
  assertEquals(await readEntries(fixture.metadata.entriesAt(space, 2)), entriesOf(second));
});

test("brings back a file as it was at a time", async (fixture) => {
  await restore(fixture, "notes", { to: { atMs: fixture.time.now() - 1500 } });
  assertEquals((await live(fixture))["notes"], text("one").entry);
});

test("brings back a file of many chunks, and a link", async (fixture) => {
  await restore(fixture, "docs/big", { to: { version: 1 } });
  await restore(fixture, "docs/link", { to: { revision: 1 } });
  const now = await live(fixture);
  assertEquals([now["docs/big"], now["docs/link"]], [large.entry, symlink("a")]);
});

test("brings back a deleted file with the folders on its way", async (fixture) => {
  await fixture.apply({ ...gone(second, "docs") });
  const reply = await restore(fixture, "docs/deep/b", { to: { version: 1 } });
  assertEquals(changed(reply), ["added docs", "added docs/deep", "added docs/deep/b"]);
  const { docs, notes } = { docs: first["docs"]!, notes: second["notes"]! };
  const expected = { docs, "docs/deep": first["docs/deep"]!, "docs/deep/b": first["docs/deep/b"]!, notes };
  assertEquals(await live(fixture), entriesOf(expected));
});

test("brings back a folder, and leaves what was added since", async (fixture) => {
  const reply = await restore(fixture, "docs", { to: { revision: 1 } });
  assertEquals(changed(reply), [
    "touched docs",
    "modified docs/a",
    "added docs/big",
    "added docs/deep/b",
    "added docs/link",
  ]);
  const kept = { "docs/added": second["docs/added"]!, "docs/deep/new": second["docs/deep/new"]! };
  assertEquals(await live(fixture), entriesOf({ ...first, ...kept, notes: second["notes"]! }));
});

test("makes a folder what it was where that is asked for, and touches nothing else", async (fixture) => {
  const reply = await restore(fixture, "docs", { to: { revision: 1 }, exact: true });
  assertEquals(changed(reply).filter((line) => line.startsWith("deleted")), [
    "deleted docs/added",
    "deleted docs/deep/new",
  ]);
  assertEquals(await live(fixture), entriesOf({ ...first, notes: second["notes"]! }));
});

test("brings back a deleted folder whole", async (fixture) => {
  await fixture.apply({ ...gone(second, "docs") });
  await restore(fixture, "docs", { to: { revision: 2 } });
  assertEquals(await live(fixture), entriesOf(second));
});

test("makes the space what it was, root hash and all", async (fixture) => {
  const roots = (await fixture.service.revisions(space, {})).map(({ root }) => root).reverse();
  const reply = await restore(fixture, rootPath, { to: { revision: 1 }, exact: true });
  assertEquals([reply.revision, reply.root], [3, roots[0]]);
  assertEquals(await live(fixture), entriesOf(first));
  const back = await restore(fixture, rootPath, { to: { atMs: fixture.time.now() - 500 }, exact: true });
  assertEquals([back.revision, back.root, back.source], [4, roots[1], 2]);
});

test("makes no revision where nothing differs", async (fixture) => {
  const before = await fixture.service.head(space);
  const reply = await restore(fixture, rootPath, { to: { revision: 2 }, exact: true });
  assertEquals([reply.revision, reply.root, reply.changes], [2, before!.root, []]);
  assertEquals(await fixture.service.head(space), before);
  await restore(fixture, "notes", { to: { version: 2 } });
  assertEquals(await fixture.service.head(space), before);
});

test("says what would change, and changes nothing", async (fixture) => {
  const before = await fixture.service.head(space);
  const reply = await restore(fixture, "docs", { to: { revision: 1 }, exact: true, dryRun: true });
  assertEquals(reply.revision, 2);
  assertEquals(await fixture.service.head(space), before);
  const done = await restore(fixture, "docs", { to: { revision: 1 }, exact: true });
  assertEquals(done.changes, reply.changes);
});

test("gives the same answer to the same request sent again", async (fixture) => {
  const once = await restore(fixture, "notes", { to: { version: 1 }, id: "same" });
  await fixture.store(text("three"));
  await fixture.apply({ notes: text("three") });
  const again = await restore(fixture, "notes", { to: { version: 1 }, id: "same" });
  assertEquals(again, { ...once, repeated: true, changes: [] });
  assertEquals((await live(fixture))["notes"], text("three").entry);
});

test("replaces a folder by the file that it was only where that is asked for", async (fixture) => {
  await become(fixture, { ...second, "notes": directory(), "notes/x": text("x"), "notes/y": directory() });
  const problem = await refuse(fixture, "notes", { to: { version: 1 } });
  assertEquals(problem, { reason: "in_the_way", paths: [at("notes/x"), at("notes/y")] });
  const reply = await restore(fixture, "notes", { to: { version: 1 }, exact: true });
  assertEquals(changed(reply), ["modified notes", "deleted notes/x", "deleted notes/y"]);
  assertEquals((await live(fixture))["notes"], text("one").entry);
});

test("replaces a file by the folder that it was only where that is asked for", async (fixture) => {
  await fixture.store(text("in the way"));
  await fixture.apply({ ...gone(second, "docs"), "docs": text("in the way") });
  assertEquals(await refuse(fixture, "docs/deep/b", { to: { version: 1 } }), {
    reason: "in_the_way",
    paths: [at("docs")],
  });
  await restore(fixture, "docs/deep/b", { to: { version: 1 }, exact: true });
  assertEquals((await live(fixture))["docs"], directory(0o700));
  assertEquals((await live(fixture))["docs/deep/b"], text("b1").entry);
});

test("refuses what never was, and tells which", async (fixture) => {
  const { service } = fixture;
  assertEquals(await refuse(fixture, "nowhere", { to: { version: 1 } }), { reason: "unknown_path" });
  assertEquals(await refuse(fixture, "nowhere", { to: { revision: 1 } }), { reason: "unknown_path" });
  assertEquals(await refuse(fixture, "docs/added", { to: { revision: 1 } }), { reason: "not_there", revision: 1 });
  assertEquals(await refuse(fixture, "docs/big", { to: { revision: 2 } }), { reason: "not_there", revision: 2 });
  assertEquals(await refuse(fixture, "docs", { to: { version: 1 } }), { reason: "folder_version" });
  assertEquals(await refuse(fixture, rootPath, { to: { version: 1 } }), { reason: "folder_version" });
  for (const [path, version, deletion] of [["notes", 3, false], ["notes", 0, false], ["docs/big", 2, true]] as const) {
    const newest = 2;
    const problem = await refuse(fixture, path, { to: { version } });
    assertEquals(problem, { reason: "no_version", version, newest, deletion });
  }
  assertEquals(await refuse(fixture, rootPath, { to: { revision: 3 } }), {
    reason: "no_revision",
    revision: 3,
    head: 2,
  });
  assertEquals((await refuse(fixture, rootPath, { to: { atMs: 1 } })).reason, "before_history");
  const request = { path: rootPath, to: { revision: 1 }, exact: true, dryRun: false, id: "x", client: "desk" };
  assertEquals(await service.restore("nowhere", request), { ok: false, error: { reason: "no_space" } });
});

test("tells the bus what it changed", async (fixture) => {
  fixture.events.length = 0;
  await restore(fixture, "docs", { to: { revision: 1 }, exact: true });
  const told = fixture.events.map(({ type, detail }) => "path" in detail ? `${type} ${detail.path}` : type);
  for (const event of ["file.added docs/big", "file.modified docs/a", "file.deleted docs/added", "commit.applied"]) {
    assert(told.includes(event), `${event} is not among ${told}`);
  }
});

Deno.test("restore() is as if it came before or after each push that runs at the same time", async () => {
  await using folder = await databaseFolder();
  for (const metadata of [new MemoryMetadataStore(), openSqliteStore(folder.path)]) {
    await using _ = metadata;
    const fixture = await ServiceFixture.make(metadata);
    await become(fixture, first);
    await become(fixture, second);
    await fixture.store(text("three"));
    const restoring = [1, 1].map(() => attempt(fixture, "docs", { to: { revision: 1 }, exact: true }));
    const pushing = fixture.apply({ "docs/a": text("three"), "elsewhere": text("three") }).then(
      () => true,
      () => false,
    );
    const [replies, pushed] = [await Promise.all(restoring), await pushing];
    for (const reply of replies) assert("changes" in reply, JSON.stringify(reply));
    const now = await live(fixture);
    const restored = { ...first, notes: second["notes"]! };
    const own: State = pushed ? { ...restored, elsewhere: text("three") } : restored;
    const pushedLast = pushed && now["docs/a"]?.kind === "file" &&
      now["docs/a"].content === text("three").entry.content;
    assertEquals(now, entriesOf(pushedLast ? { ...own, "docs/a": text("three") } : own));
    assertEquals(await readEntries(metadata.entriesAt(space, 2)), entriesOf(second));
  }
});

Deno.test("restore() begins anew when its paths change under it, and gives up in the end", async () => {
  let crossings = 0;
  const store = new MemoryMetadataStore();
  const crossed = new Proxy(store, {
    get(target, name) {
      if (name !== "changesSince") {
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      }
      return async (of: string, since: number) => {
        const changes = await target.changesSince(of, since);
        if (crossings-- > 0) await fixture.apply({ "docs/a": text(`crossing ${crossings}`) });
        return changes;
      };
    },
  });
  const fixture: ServiceFixture = await ServiceFixture.make(crossed);
  for (let count = 0; count < 20; count++) await fixture.store(text(`crossing ${count}`));
  await become(fixture, first);
  await become(fixture, second);
  crossings = 3;
  await restore(fixture, "docs", { to: { revision: 1 }, exact: true });
  assertEquals(await live(fixture), entriesOf({ ...first, notes: second["notes"]! }));
  crossings = 20;
  const { revision } = (await fixture.service.head(space))!;
  assertEquals(await attempt(fixture, "docs", { to: { revision: 2 }, exact: true }), { reason: "busy" });
  assertEquals((await fixture.service.head(space))!.revision, revision + 8, "the crossing commits, and no other");
});

Deno.test("restore() names the chunks that are gone, and commits nothing", async () => {
  const metadata = new MemoryMetadataStore();
  const known = await ServiceFixture.make(metadata);
  await become(known, { f: large });
  await become(known, { g: text("g") });
  const bare = await ServiceFixture.make(metadata);
  const problem = await refuse(bare, "f", { to: { version: 1 } });
  assert(problem.reason === "refused" && problem.error.reason === "missing_chunks", JSON.stringify(problem));
  assertEquals(problem.error.hashes.toSorted(), large.manifest.hashes().toSorted());
});

Deno.test("restore() of the space gives exactly what was, whatever was and whatever is", async () => {
  const anyEntry: fc.Arbitrary<CutContent | Entry> = fc.oneof(
    fc.constantFrom("", "1", "2").map(text),
    fc.constantFrom(0o700, 0o755).map(directory),
    fc.constantFrom("x", "y").map(symlink),
  );
  const anyState = fc.dictionary(fc.constantFrom("a", "a/a", "a/b", "b", "b/a", "b/a/a", "c"), anyEntry).map(asTree);
  await fc.assert(
    fc.asyncProperty(fc.array(anyState, { minLength: 2, maxLength: 4 }), fc.nat(), async (states, pick) => {
      const fixture = await ServiceFixture.make();
      const trees: Record<string, Entry>[] = [];
      for (const state of states) {
        await become(fixture, state);
        const { revision } = (await fixture.service.head(space))!;
        trees[revision] = await live(fixture);
      }
      const { revision: last } = (await fixture.service.head(space))!;
      if (last === 0) return;
      const source = 1 + pick % last;
      await restore(fixture, rootPath, { to: { revision: source }, exact: true });
      assertEquals(await live(fixture), trees[source]);
    }),
    { numRuns: 150 },
  );
});

/** A state without what lies in something that is no directory. */
function asTree(state: State): State {
  const kept: Record<string, CutContent | Entry> = {};
  for (const [path, content] of Object.entries(state).sort(([a], [b]) => a.length - b.length)) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const above = kept[parent];
    if (parent === "" || (above !== undefined && "kind" in above && above.kind === "directory")) kept[path] = content;
  }
  return kept;
}

/** Changes that delete a path of a state and everything below it. */
function gone(state: State, path: string): Record<string, undefined> {
  const paths = Object.keys(state).filter((other) => other === path || other.startsWith(`${path}/`));
  return Object.fromEntries(paths.map((other) => [other, undefined]));
}
