import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isWithin, parentPath, rootPath, type SafePath } from "../../../../lib/core/mod.ts";
import { compareNames, type Entry, type MetadataStore } from "../../../../lib/metadata/mod.ts";
import { at, directory, file, hashOf, read, symlink } from "../fixtures.ts";
import { NaiveSpace } from "../naive_space.ts";
import type { StoreCase } from "./case.ts";

const names = ["a", "a-", "b", "\u{1f600}", "\uff5e"];

/** What a made-up client does in one commit. */
interface MadeUpCommit {
  readonly edits: readonly MadeUpEdit[];
  /** How many revisions its base lies back. */
  readonly behind: number;
  /** Whether it is the commit before it, sent again. */
  readonly again: boolean;
}

interface MadeUpEdit {
  readonly path: SafePath;
  /** `undefined` to delete. */
  readonly entry: Entry | undefined;
  /** Whether it leaves a tree: makes the directories above, deletes what lies below. */
  readonly careful: boolean;
}

const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map((parts) => at(parts.join("/")));
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constantFrom("1", "22", "333").map((text) => file(text)),
  fc.constantFrom(0o755, 0o700).map(directory),
  fc.constantFrom("a", "b").map(symlink),
);
const edit: fc.Arbitrary<MadeUpEdit> = fc.record({
  path,
  entry: fc.option(entry, { nil: undefined }),
  careful: fc.nat(7).map((dice) => dice > 0),
});
const commit: fc.Arbitrary<MadeUpCommit> = fc.record({
  edits: fc.array(edit, { minLength: 0, maxLength: 6 }),
  behind: fc.nat(9).map((dice) => Math.max(0, dice - 6)),
  again: fc.nat(19).map((dice) => dice === 0),
});

/** Random commits, compared with a model after each. */
export const agreementCases: readonly StoreCase[] = [
  ["any sequence of commits ends as in the naive model", async (store) => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { maxLength: 24, size: "max" }), async (commits) => {
        const name = `run ${++runs}`;
        await store.createSpace(name);
        const model = new NaiveSpace(name);
        let drafts = 0;
        for (const madeUp of commits) {
          if (!madeUp.again) drafts++;
          const draft = draftOf(model, madeUp);
          const sent = { ...draft, id: `${drafts}`, client: `client ${drafts % 3}`, committedAtMs: drafts * 10 };
          const outcome = await store.commit(name, sent);
          assertEquals(outcome.ok ? outcome.value : outcome.error, model.commit(sent));
          assertEquals(await store.head(name), model.head);
        }
        await compare(store, model);
      }),
      { numRuns: 150 },
    );
  }],
];

/** Makes a commit of edits, against what lives in the model. */
function draftOf(model: NaiveSpace, { edits, behind }: MadeUpCommit) {
  const live = model.entriesAt(model.head.revision);
  const puts = new Map<SafePath, Entry>();
  const deletes = new Set<SafePath>();
  for (const { path, entry, careful } of edits) {
    if (careful) {
      for (let above = parentPath(path); above !== rootPath && entry; above = parentPath(above)) {
        if ((puts.get(above) ?? live.get(above))?.kind !== "directory") puts.set(above, directory());
      }
      const below = [...live.keys(), ...puts.keys()].filter((other) => other !== path && isWithin(other, path));
      if (entry?.kind !== "directory") {
        for (const other of below) {
          puts.delete(other);
          deletes.add(other);
        }
      }
    }
    puts.delete(path);
    if (entry) puts.set(path, entry);
    else deletes.add(path);
  }
  const baseRevision = Math.max(0, model.head.revision - behind);
  return { baseRevision, puts, deletes, manifests: new Map() };
}

/** Compares everything that can be read. */
async function compare(store: MetadataStore, model: NaiveSpace): Promise<void> {
  const { space, revision: head } = model.head;
  const paths = new Set<SafePath>([at("none"), at("a/none")]);
  for (let revision = 0; revision <= head; revision++) {
    const live = model.entriesAt(revision);
    for (const path of live.keys()) paths.add(path);
    const stored = (await read(store.entriesAt(space, revision))).flatMap(({ children }) => children);
    assertEquals(stored.map(({ path, entry }) => [path, entry]).sort(byPath), [...live].sort(byPath));
    assertEquals(await store.changesSince(space, revision), model.changesSince(revision));
  }
  const live = model.entriesAt(head);
  const entries = (await read(store.entries(space))).flatMap(({ children }) => children);
  assertEquals(entries.length, live.size);
  for (const stored of entries) assertEquals(await store.get(space, stored.path), stored);
  for (const path of paths) {
    const stored = await store.get(space, path);
    const entry = live.get(path);
    const { version, revision } = model.version(path) ?? { version: 0, revision: 0 };
    const tree = entry?.kind === "directory" ? { tree: hashOf(live, path) } : {};
    assertEquals(stored, entry && { path, entry, version, revision, ...tree });
    assertEquals(await store.history(space, path), model.history(path));
    const children = [...live.keys()].filter((other) => parentPath(other) === path).sort(compareNames);
    assertEquals((await store.list(space, path)).map((child) => child.path), children);
  }
  const revisions = (await store.revisions(space)).map(({ revision, root }) => ({ revision, root }));
  assertEquals(revisions, model.revisions());
}

function byPath(a: readonly unknown[], b: readonly unknown[]): number {
  return compareNames(String(a[0]), String(b[0]));
}
