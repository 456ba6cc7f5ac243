import fc from "fast-check";
import { type Hash, parseHash, parseSafePath, type SafePath } from "../../../lib/core/mod.ts";
import { timestampMsMax, timestampMsMin } from "../../../lib/metadata/ddl/timestamp.ts";
import { type FileMetadata, type Replica, syncStatuses } from "../../../lib/metadata/file_metadata.ts";
import { anyRest } from "../binary/record_arbitrary.ts";

const count = fc.maxSafeNat();
/** A text that is not empty; `grapheme` is well-formed Unicode with quotes, backslashes, emojis and all. */
const text = fc.oneof(
  fc.string({ minLength: 1, unit: "grapheme" }),
  fc.string({ minLength: 1, unit: "binary" }),
  fc.constantFrom(
    "yes",
    "null",
    "012",
    "- a",
    "a: b",
    "# x",
    " ",
    "\t",
    "\r\n",
    "\u0000",
    "\u2028",
    "\ufeff",
    '"',
    "\\",
  ),
);

function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The generator made something that is none");
  return value;
}

const hash: fc.Arbitrary<Hash> = fc.string({
  unit: fc.constantFrom(..."0123456789abcdef"),
  minLength: 64,
  maxLength: 64,
})
  .map((digits) => defined(parseHash(digits)));

const path: fc.Arbitrary<SafePath> = fc.array(text, { minLength: 1, maxLength: 4 })
  .map((names) => parseSafePath(names.join("/")))
  .filter((parsed) => parsed.ok)
  .map((parsed) => defined(parsed.ok ? parsed.value : undefined));

const replicas: fc.Arbitrary<Replica[]> = fc.uniqueArray(fc.record({ node: text, version: count }), {
  maxLength: 4,
  selector: ({ node }) => node,
});

const shared = {
  path,
  mtimeMs: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: timestampMsMin, max: timestampMsMax })),
  mtimeRestNs: anyRest,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  size: count,
  version: count,
  syncState: fc.record({ status: fc.constantFrom(...syncStatuses), replicas }),
};
const required = ["path", "mtimeMs", "mode", "size", "version", "syncState", "kind"] as const;

/** Any metadata that the type and its rules allow; texts can tell nanoseconds only of times whose year has four digits. */
export const metadataArbitrary: fc.Arbitrary<FileMetadata> = fc.oneof(
  fc.record({ ...shared, kind: fc.constant("file" as const), hash, owner: text }, { requiredKeys: [...required] }),
  fc.record({ ...shared, kind: fc.constant("directory" as const), owner: text }, { requiredKeys: [...required] }),
  fc.record(
    {
      ...shared,
      kind: fc.constant("symlink" as const),
      target: text.filter((value) => !value.includes("\0")),
      owner: text,
    },
    { requiredKeys: [...required, "target"] },
  ),
).map(({ mtimeRestNs, ...metadata }): FileMetadata => {
  const { mtimeMs } = metadata;
  const told = mtimeRestNs !== undefined && mtimeMs >= timestampMsMin && mtimeMs <= timestampMsMax;
  return told ? { ...metadata, mtimeRestNs } : metadata;
});
