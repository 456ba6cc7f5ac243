import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure, type Hash, sha256 } from "../../../lib/core/mod.ts";
import { emptyContent, type FileEntry, Manifest } from "../../../lib/metadata/mod.ts";
import { encodeManifestDelta, encodeRecords, type MetadataRecord } from "../../../lib/metadata/binary/mod.ts";
import { cutContent } from "../../support/cut_content.ts";
import { piecesOf, recordsOf, ServiceFixture, space } from "../../support/service_fixture.ts";
import { at, directory, file, symlink } from "../../metadata/store/fixtures.ts";
import { concat, frameOf, noise } from "../../storage/fixtures.ts";

const text = (words: string) => cutContent(new TextEncoder().encode(words));
const large = cutContent(noise(300_000, 1));

/** Commits records that must be refused; makes sure that nothing came of it, and gives the reason. */
async function refuse(fixture: ServiceFixture, records: readonly MetadataRecord[]) {
  const before = await fixture.service.head(space);
  const said = fixture.events.length;
  const outcome = await fixture.service.commit(space, piecesOf(encodeRecords(records)));
  assert(!outcome.ok, "The commit was applied");
  assertEquals(await fixture.service.head(space), before);
  assertEquals(fixture.events.length, said);
  return outcome.error;
}

Deno.test("commit() names the chunks it lacks, and is applied once they are there", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.store({ ...large, chunks: large.chunks.slice(1) });
  const records = [await fixture.head("x"), ...recordsOf("big", large)];
  const error = await refuse(fixture, records);
  assertEquals(error, { reason: "missing_chunks", hashes: [large.manifest.hash(0)] });
  await fixture.store(large);
  const outcome = await fixture.service.commit(space, piecesOf(encodeRecords(records)));
  assert(outcome.ok);
  assertEquals([outcome.value.revision, outcome.value.repeated], [1, false]);
  assertEquals(await fixture.service.manifestOf(large.entry), large.manifest);
});

Deno.test("commit() looks for the chunk of a file that has no chunk list", async () => {
  const fixture = await ServiceFixture.make();
  const small = text("hello");
  const error = await refuse(fixture, [await fixture.head(), ...recordsOf("small", small)]);
  assertEquals(error, { reason: "missing_chunks", hashes: [small.entry.content] });
});

Deno.test("commit() refuses a chunk list that does not make up its content", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.store(large);
  const delta = encodeManifestDelta(cutContent(noise(300_000, 2)).manifest, Manifest.of([]));
  const error = await refuse(fixture, [
    await fixture.head(),
    { type: "manifest", content: large.entry.content, against: emptyContent, delta },
    { type: "entry", path: at("f"), entry: large.entry, version: 0, revision: 0 },
  ]);
  assert(error.reason === "bad_stream");
  assertEquals(error.error, { code: "malformed", message: "A chunk list does not make up the content it is said to" });
});

const tiny = cutContent(noise(100, 3));
const tinyPair = Manifest.of([0, 1].map(() => ({ hash: tiny.entry.content, length: 100 })));
const hugeChunk = Manifest.of([{ hash: tiny.entry.content, length: 100 }, {
  hash: tiny.entry.content,
  length: 2 ** 31,
}]);
const wrongFiles: Record<string, { entry: Partial<FileEntry>; manifest?: Manifest; message: string }> = {
  "a size its chunks do not add up to": {
    entry: { size: 299_999, content: large.entry.content },
    manifest: large.manifest,
    message: 'The file "f" has 299999 bytes, its chunks have 300000',
  },
  "no bytes under the hash of some": {
    entry: { size: 0, content: tiny.entry.content },
    message: 'The file "f" has 0 bytes under the wrong hash',
  },
  "bytes under the hash of none": {
    entry: { size: 5, content: emptyContent },
    message: 'The file "f" has 5 bytes under the wrong hash',
  },
  "a chunk list where one chunk would do": {
    entry: { size: 200, content: tinyPair.contentId() },
    manifest: tinyPair,
    message: 'The file "f" has 2 chunks where one would do',
  },
  "a chunk longer than any chunk": {
    entry: { size: hugeChunk.size, content: hugeChunk.contentId() },
    manifest: hugeChunk,
    message: 'The file "f" has a chunk of 2147483648 bytes',
  },
  "a single chunk longer than any chunk": {
    entry: { size: 1_000_000, content: tiny.entry.content },
    message: 'The file "f" has a chunk of 1000000 bytes',
  },
};

for (const [what, { entry, manifest, message }] of Object.entries(wrongFiles)) {
  Deno.test(`commit() refuses a file with ${what}`, async () => {
    const fixture = await ServiceFixture.make();
    await fixture.store(large, tiny);
    const put: FileEntry = { ...large.entry, ...entry };
    const delta = manifest && encodeManifestDelta(manifest, Manifest.of([]));
    const records: MetadataRecord[] = [await fixture.head()];
    if (delta) records.push({ type: "manifest", content: put.content, against: emptyContent, delta });
    records.push({ type: "entry", path: at("f"), entry: put, version: 0, revision: 0 });
    const error = await refuse(fixture, records);
    assert(error.reason === "bad_stream", error.reason);
    assertEquals(error.error.message, message);
  });
}

Deno.test("commit() that is cut off changes nothing", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.store(large);
  const whole = concat([...encodeRecords([await fixture.head(), ...recordsOf("f", large)])]);
  for (let length = 0; length < whole.length; length += 7) {
    const outcome = await fixture.service.commit(space, piecesOf([whole.subarray(0, length)]));
    assert(!outcome.ok && outcome.error.reason === "bad_stream");
  }
  assertEquals((await fixture.service.head(space))?.revision, 0);
});

Deno.test("commit() sent again gives the same answer, changes nothing and says nothing", async () => {
  const fixture = await ServiceFixture.make();
  await fixture.store(large);
  const records = [await fixture.head("once"), ...recordsOf("f", large)];
  const first = await fixture.service.commit(space, piecesOf(encodeRecords(records)));
  assert(first.ok);
  const head = await fixture.service.head(space);
  const said = fixture.events.length;
  const second = await fixture.service.commit(space, piecesOf(encodeRecords(records)));
  assertEquals(second, { ok: true, value: { ...first.value, repeated: true } });
  assertEquals(await fixture.service.head(space), head);
  assertEquals(fixture.events.length, said);
});

Deno.test("commit() of what is there already says nothing", async () => {
  const fixture = await ServiceFixture.make();
  const content = text("hello");
  await fixture.store(content);
  const first = await fixture.apply({ "f": content });
  const said = fixture.events.length;
  assertEquals(await fixture.apply({ "f": content, "none": undefined }), first);
  assertEquals(fixture.events.length, said);
});

Deno.test("commit() tells what it added, changed and deleted", async () => {
  const fixture = await ServiceFixture.make();
  const [one, two] = [text("one"), text("the second")];
  await fixture.store(one, two);
  await fixture.apply({ "kept": directory(), "kept/f": one, "gone": directory(), "gone/f": one, "link": symlink("f") });
  fixture.events.length = 0;
  await fixture.apply({
    "kept": directory(0o700),
    "kept/f": two,
    "new": directory(),
    "new/f": two,
    "new/link": symlink("f"),
    "link": undefined,
    "gone/f": undefined,
    "gone": undefined,
  });
  const common = { space, revision: 2, client: "laptop" };
  const hash: string = two.entry.content;
  const told = fixture.events.map(({ type, detail }): Record<string, unknown> => ({ type, ...detail }));
  assertEquals(
    told.filter(({ type }) => type === "file.added"),
    [
      { type: "file.added", path: "new", kind: "directory", size: 0, ...common },
      { type: "file.added", path: "new/f", kind: "file", size: 10, hash, ...common },
      { type: "file.added", path: "new/link", kind: "symlink", size: 0, ...common },
    ],
  );
  assertEquals(
    told.filter(({ type }) => type === "file.modified"),
    [
      { type: "file.modified", path: "kept", kind: "directory", size: 0, ...common },
      { type: "file.modified", path: "kept/f", kind: "file", size: 10, hash, ...common },
    ],
  );
  assertEquals(
    told.filter(({ type }) => type === "file.deleted").map(({ path }) => path).sort(),
    ["gone", "gone/f", "link"],
  );
  const sums = { added: 3, modified: 2, deleted: 3, uploads: 2, bytes: 20, durationMs: 0 };
  assertEquals(told.at(-1), { type: "commit.applied", ...common, ...sums });
});

Deno.test("commit() tells of each file whose content is new at its path, and of no other", async () => {
  const fixture = await ServiceFixture.make();
  const [one, two] = [text("one"), text("the second")];
  await fixture.store(one, two);
  await fixture.apply({ "new": one, "dir": directory(), "link": symlink("new"), "touched": one, "changed": one });
  const told = () =>
    fixture.events.splice(0).flatMap(({ type, detail }) => type === "upload.completed" ? [detail] : []);
  const detail = (path: string, { entry }: typeof one) => {
    return { space, path, size: entry.size, hash: entry.content as string, client: "laptop" };
  };
  assertEquals(told(), ["changed", "new", "touched"].map((path) => detail(path, one)));
  await fixture.apply({
    "touched": { ...one.entry, mode: 0o600 },
    "changed": two,
    "copy": two,
    "link": two,
    "new": undefined,
  });
  assertEquals(told(), ["changed", "copy", "link"].map((path) => detail(path, two)));
});

Deno.test("commit() onto a space that does not exist is refused", async () => {
  const fixture = await ServiceFixture.make();
  const records = [await fixture.head(), ...recordsOf("d", directory())];
  const outcome = await fixture.service.commit("nowhere", piecesOf(encodeRecords(records)));
  assertEquals(outcome, { ok: false, error: { reason: "no_space" } });
});

Deno.test("commit() bears the time of the server", async () => {
  const fixture = await ServiceFixture.make();
  fixture.time.pass(1234);
  await fixture.apply({ "d": directory() });
  assertEquals((await fixture.service.head(space))?.committedAtMs, fixture.time.now());
});

Deno.test("content() gives any part of a file", async () => {
  const fixture = await ServiceFixture.make();
  const bytes = noise(300_000, 1);
  await fixture.store(large);
  await fixture.apply({ "f": large });
  const cut = large.manifest.chunkLength(0);
  for (const [start, end] of [[0, 300_000], [0, 1], [299_999, 300_000], [cut - 1, cut + 1], [cut, cut], [5, 250_000]]) {
    const part = concat(await Array.fromAsync(fixture.service.content(large.entry, start!, end!)));
    assertEquals(sha256(part), sha256(bytes.subarray(start, end)));
  }
});

Deno.test("content() of a file whose chunk is lost fails as corrupt", async () => {
  const fixture = await ServiceFixture.make();
  const failure = await assertRejects(() => Array.fromAsync(fixture.service.content(file("lost"), 0, 4)), Failure);
  assertEquals(failure.kind, "corrupt");
});

Deno.test("putFrames() keeps what came before a broken frame", async () => {
  const fixture = await ServiceFixture.make();
  const [good, bad] = [frameOf([noise(50, 1)]), frameOf([noise(50, 2)])];
  bad[bad.length - 1]! ^= 1;
  const outcome = await fixture.service.putFrames(piecesOf([good, bad]));
  assertEquals(outcome.ok, false);
  const names: Hash[] = [sha256(noise(50, 1)), sha256(noise(50, 2))];
  assertEquals(await fixture.service.lacking(names), names.slice(1));
});

Deno.test("putFrames() counts chunks, and those that are new", async () => {
  const fixture = await ServiceFixture.make();
  const frame = frameOf([noise(50, 1), noise(60, 2)]);
  assertEquals(await fixture.service.putFrames(piecesOf([frame])), { ok: true, value: { chunks: 2, added: 2 } });
  assertEquals(await fixture.service.putFrames(piecesOf([frame])), { ok: true, value: { chunks: 2, added: 0 } });
});
