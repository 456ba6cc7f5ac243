import fc from "fast-check";
import { type Hash, joinPath, rootPath, type SafePath } from "../../../lib/core/mod.ts";
import { nameProblem } from "../../../lib/core/mod.ts";
import { type Entry, nsPerMs } from "../../../lib/metadata/mod.ts";
import type { MetadataRecord } from "../../../lib/metadata/binary/mod.ts";

/** Any hash. */
export const anyHash: fc.Arbitrary<Hash> = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) =>
  b.toHex() as Hash
);

const anyName = fc.oneof(
  fc.constantFrom("a", "b", "\u{1f600}", "e\u0301", "tab\t", "x".repeat(255)),
  fc.string({ unit: "grapheme", maxLength: 40 }),
).filter((name) => nameProblem(name) === undefined);
const anyPath: fc.Arbitrary<SafePath> = fc.array(anyName, { minLength: 1, maxLength: 4 })
  .map((names) => names.reduce(joinPath, rootPath));
const anyTarget = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .filter((target) => !target.includes("\0"));
const anyMode = fc.nat(0o7777);
const anyTime = fc.oneof(
  fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }),
  fc.constantFrom(0, -1, 2 ** 52 - 1, -(2 ** 52)),
);

/** Any nanoseconds beside milliseconds that are told: 0 is left off. */
export const anyRest = fc.oneof(fc.integer({ min: 1, max: nsPerMs - 1 }), fc.constantFrom(1, nsPerMs - 1));

/** Any entry, its numbers up to the limits. */
export const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("file" as const),
      mode: anyMode,
      mtimeMs: anyTime,
      mtimeRestNs: anyRest,
      size: fc.maxSafeNat(),
      content: anyHash,
    },
    { requiredKeys: ["kind", "mode", "mtimeMs", "size", "content"] },
  ),
  fc.record({ kind: fc.constant("directory" as const), mode: anyMode }),
  fc.record({ kind: fc.constant("symlink" as const), target: anyTarget }),
);

const counters = { version: fc.maxSafeNat(), revision: fc.maxSafeNat() };
const anyEntryRecord: fc.Arbitrary<MetadataRecord> = fc.record({
  path: anyPath,
  entry: anyEntry,
  ...counters,
  tree: fc.option(anyHash, { nil: undefined }),
}).map(({ path, entry, version, revision, tree }) => ({
  type: "entry",
  path,
  entry,
  version,
  revision,
  ...(entry.kind === "directory" && tree !== undefined ? { tree } : {}),
}));

/** Any record. */
export const anyRecord: fc.Arbitrary<MetadataRecord> = fc.oneof(
  { weight: 4, arbitrary: anyEntryRecord },
  fc.record({ type: fc.constant("deletion" as const), path: anyPath, ...counters }),
  fc.record({
    type: fc.constant("manifest" as const),
    content: anyHash,
    against: anyHash,
    delta: fc.uint8Array({ maxLength: 200 }),
  }),
  fc.record({ type: fc.constant("head" as const), revision: fc.maxSafeNat(), root: anyHash }),
  fc.record({
    type: fc.constant("commit" as const),
    id: fc.string({ unit: "grapheme", maxLength: 40 }),
    client: fc.string({ unit: "grapheme", maxLength: 40 }),
    baseRevision: fc.maxSafeNat(),
  }),
);
