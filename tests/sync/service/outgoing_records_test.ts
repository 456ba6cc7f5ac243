import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Hash, rootPath, type SafePath } from "../../../lib/core/mod.ts";
import { emptyContent, type Entry, Manifest } from "../../../lib/metadata/mod.ts";
import { decodeManifestDelta, type HeadRecord, type MetadataRecord } from "../../../lib/metadata/binary/mod.ts";
import { diffTrees, emptyTreeOf, type Node, type Tree, treeHashes, withChanges } from "../../../lib/sync/mod.ts";
import { type CutContent, cutContent } from "../../support/cut_content.ts";
import { ServiceFixture, space } from "../../support/service_fixture.ts";
import { entriesOf, treesOf } from "../../support/trees.ts";
import { at, directory, symlink } from "../../metadata/store/fixtures.ts";
import { concat, noise } from "../../storage/fixtures.ts";

const base = noise(200_000, 1);
const versions: readonly CutContent[] = [
  cutContent(new Uint8Array()),
  cutContent(noise(10, 2)),
  cutContent(base),
  cutContent(concat([base.subarray(0, 90_000), noise(10, 3), base.subarray(90_000)])),
  cutContent(concat([noise(1000, 4), base])),
];

/** What somebody who reads records knows. */
interface Reader {
  tree: Tree;
  readonly manifests: Map<Hash, Manifest>;
}

/** Takes records in, as a client would; gives the head they bear. */
async function takeIn(reader: Reader, batches: AsyncIterable<MetadataRecord[]>): Promise<HeadRecord> {
  const records = (await Array.fromAsync(batches)).flat();
  const changes: [SafePath, Node | undefined][] = [];
  for (const record of records) {
    if (record.type === "entry") changes.push([record.path, { entry: record.entry }]);
    if (record.type === "deletion") changes.push([record.path, undefined]);
    if (record.type !== "manifest") continue;
    const against = record.against === emptyContent ? Manifest.of([]) : reader.manifests.get(record.against);
    assert(against !== undefined, "A chunk list is told against one that the reader does not have");
    const manifest = decodeManifestDelta(record.delta, against, { chunksMax: 1000 });
    assert(manifest.ok);
    assertEquals(manifest.value.contentId(), record.content);
    reader.manifests.set(record.content, manifest.value);
  }
  reader.tree = withChanges(reader.tree, changes);
  const head = records[0];
  assert(head?.type === "head");
  return head;
}

/** Every file of more than one chunk must have a chunk list that the reader knows. */
function checkManifests({ tree, manifests }: Reader): void {
  for (const listing of tree.values()) {
    for (const { entry } of listing.values()) {
      const version = entry.kind === "file" && versions.find((one) => one.entry.content === entry.content);
      if (version && version.manifest.length > 1) {
        assertEquals(manifests.get(version.entry.content)?.bytes, version.manifest.bytes);
      }
    }
  }
}

const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constantFrom(...versions).map(({ entry }) => entry),
  fc.constantFrom(0o755, 0o700).map(directory),
  fc.constantFrom("a", "b").map(symlink),
);

/** What turns one tree into another, as a commit takes it. */
function changesOf(before: Tree, after: Tree): Record<string, CutContent | Entry | undefined> {
  const { puts, deletes } = diffTrees(before, after);
  const changes: Record<string, CutContent | Entry | undefined> = {};
  for (const path of deletes) changes[path] = undefined;
  for (const [path, { entry }] of puts) {
    const version = entry.kind === "file" && versions.find((one) => one.entry.content === entry.content);
    changes[path] = version || entry;
  }
  return changes;
}

Deno.test("snapshot() and changes() lead to the root hash of the space, with every chunk list", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(treesOf(anyEntry), { maxLength: 5 }), async (states) => {
      const fixture = await ServiceFixture.make();
      await fixture.store(...versions);
      const follower: Reader = { tree: emptyTreeOf(), manifests: new Map() };
      const lagging: Reader = { tree: emptyTreeOf(), manifests: new Map() };
      let seen = 0;
      for (const state of states) {
        await fixture.apply(changesOf(follower.tree, state));
        const head = (await fixture.service.head(space))!;
        const told = await takeIn(follower, fixture.service.changes(head, seen));
        assertEquals(told, { type: "head", revision: head.revision, root: head.root });
        assertEquals(treeHashes(follower.tree).get(rootPath), head.root);
        assertEquals(entriesOf(follower.tree), entriesOf(state));
        checkManifests(follower);
        seen = head.revision;
      }
      const head = (await fixture.service.head(space))!;
      await takeIn(lagging, fixture.service.changes(head, 0));
      assertEquals(treeHashes(lagging.tree).get(rootPath), head.root);
      checkManifests(lagging);
      const fresh: Reader = { tree: emptyTreeOf(), manifests: new Map() };
      assertEquals((await takeIn(fresh, fixture.service.snapshot(head))).root, head.root);
      assertEquals(treeHashes(fresh.tree).get(rootPath), head.root);
      checkManifests(fresh);
    }),
    { numRuns: 100 },
  );
});

Deno.test("changes() tells a chunk list by its difference to the one before", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.store(...versions);
  await fixture.apply({ "f": versions[2]! });
  await fixture.apply({ "f": versions[3]! });
  const head = (await fixture.service.head(space))!;
  const records = (await Array.fromAsync(fixture.service.changes(head, 1))).flat();
  const manifest = records.find((record) => record.type === "manifest");
  assertEquals(manifest?.against, versions[2]!.entry.content);
  assert(manifest!.delta.length < versions[3]!.manifest.bytes.length);
});

Deno.test("changes() sends no chunk list where only permissions changed", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.store(...versions);
  await fixture.apply({ "f": versions[2]! });
  await fixture.apply({ "f": { ...versions[2]!.entry, mode: 0o600 } });
  const head = (await fixture.service.head(space))!;
  const records = (await Array.fromAsync(fixture.service.changes(head, 1))).flat();
  assertEquals(records.map(({ type }) => type), ["head", "entry"]);
});

Deno.test("listing() gives what lies in a folder, with the hashes of folders in it", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.apply({ "d": directory(), "d/e": directory(), "d/l": symlink("x") });
  const records = (await Array.fromAsync(fixture.service.listing(space, at("d")))).flat();
  assertEquals(records.map((record) => record.type === "entry" && [record.path, record.tree !== undefined]), [
    [at("d/e"), true],
    [at("d/l"), false],
  ]);
});
