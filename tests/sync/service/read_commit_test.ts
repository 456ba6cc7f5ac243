import { assertEquals } from "@std/assert";
import type { SafePath } from "../../../lib/core/mod.ts";
import { emptyContent, emptyTree, type Entry, MemoryMetadataStore } from "../../../lib/metadata/mod.ts";
import { encodeRecords, type MetadataRecord } from "../../../lib/metadata/binary/mod.ts";
import { readCommit } from "../../../lib/sync/service/read_commit.ts";
import { cutContent } from "../../support/cut_content.ts";
import { piecesOf, recordsOf } from "../../support/service_fixture.ts";
import { at, directory, file, symlink } from "../../metadata/store/fixtures.ts";
import { noise } from "../../storage/fixtures.ts";

const head: MetadataRecord = { type: "commit", id: "1", client: "laptop", baseRevision: 3 };

async function read(records: readonly MetadataRecord[]) {
  await using metadata = new MemoryMetadataStore();
  return await readCommit(piecesOf(encodeRecords(records)), { metadata, committedAtMs: 9 });
}

Deno.test("readCommit() gives what was written, with the time it is told", async () => {
  const large = cutContent(noise(100_000, 1));
  const commit = await read([
    head,
    ...recordsOf("d", directory()),
    ...recordsOf("gone", undefined),
    ...recordsOf("f", large),
  ]);
  assertEquals(commit, {
    ok: true,
    value: {
      id: "1",
      client: "laptop",
      baseRevision: 3,
      committedAtMs: 9,
      puts: new Map<SafePath, Entry>([[at("d"), directory()], [at("f"), large.entry]]),
      deletes: new Set([at("gone")]),
      manifests: new Map([[large.entry.content, large.manifest]]),
    },
  });
});

const refused: Record<string, { records: readonly MetadataRecord[]; message: string }> = {
  "without a head": { records: [], message: "A commit has no head" },
  "that begins with an entry": {
    records: [...recordsOf("l", symlink("x")), head],
    message: "A commit begins with something else than its head",
  },
  "with two heads": { records: [head, head], message: "A commit has two heads" },
  "that puts a path twice": {
    records: [head, ...recordsOf("l", symlink("x")), ...recordsOf("l", symlink("y"))],
    message: 'A commit names "l" twice',
  },
  "that puts and deletes a path": {
    records: [head, ...recordsOf("l", undefined), ...recordsOf("l", symlink("y"))],
    message: 'A commit names "l" twice',
  },
  "that puts something in the place of a client's state": {
    records: [head, ...recordsOf("sub/.dfs", directory())],
    message: `A commit names "sub/.dfs", which dfs keeps for itself`,
  },
  "that puts something in the place of a client's state, where capitals do not count": {
    records: [head, ...recordsOf(".DFS/config.yaml", file("remote: evil"))],
    message: `A commit names ".DFS/config.yaml", which dfs keeps for itself`,
  },
  "that puts something in the place of a staged file": {
    records: [head, ...recordsOf("a/.dfs-staged-link", file("x"))],
    message: `A commit names "a/.dfs-staged-link", which dfs keeps for itself`,
  },
  "with the head of a space": {
    records: [head, { type: "head", revision: 1, root: emptyTree }],
    message: "A commit holds a record that belongs to a snapshot",
  },
  "with a chunk list that is no difference": {
    records: [head, { type: "manifest", content: emptyContent, against: emptyContent, delta: new Uint8Array([3, 1]) }],
    message: "The data ends early, at byte 2",
  },
  "with a chunk list that takes over what is not there": {
    records: [head, { type: "manifest", content: emptyContent, against: emptyContent, delta: new Uint8Array([2, 0]) }],
    message: "A chunk list takes over chunks that are not there",
  },
};

for (const [what, { records, message }] of Object.entries(refused)) {
  Deno.test(`readCommit() refuses a commit ${what}`, async () => {
    assertEquals(await read(records), { ok: false, error: { code: "malformed", message } });
  });
}

Deno.test("readCommit() refuses what is no stream of records", async () => {
  await using metadata = new MemoryMetadataStore();
  const source = piecesOf([new TextEncoder().encode("hello world")]);
  const commit = await readCommit(source, { metadata, committedAtMs: 0 });
  assertEquals(commit.ok, false);
});
