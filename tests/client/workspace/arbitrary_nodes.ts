import fc from "fast-check";
import { type Hash, nameProblem } from "../../../lib/core/mod.ts";
import { type Entry, fileTime, nsPerMs } from "../../../lib/metadata/mod.ts";
import type { LocalNode } from "../../../lib/sync/mod.ts";

const mode = fc.integer({ min: 0, max: 0o7777 });
const timeMs = fc.integer({ min: -(2 ** 52 - 1), max: 2 ** 52 - 1 });
const fileTimes = fc.tuple(timeMs, fc.oneof(fc.constant(0), fc.integer({ min: 1, max: nsPerMs - 1 })));
const content = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytes.toHex() as Hash);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant("file" as const), mode, time: fileTimes, size: fc.maxSafeNat(), content })
    .map(({ time, ...file }) => ({ ...file, ...fileTime(...time) })),
  fc.record({ kind: fc.constant("directory" as const), mode }),
  fc.record({ kind: fc.constant("symlink" as const), target: fc.string({ unit: "grapheme" }) }),
);
/** Change times come to the microsecond. */
const changeTime = fc.integer({ min: -1e15, max: 4e15 }).map((us) => us / 1000);
const stamp = fc.record({ ctimeMs: changeTime, inode: fc.maxSafeNat() });
/** Any node of a local tree. */
export const node: fc.Arbitrary<LocalNode> = fc.oneof(fc.record({ entry }), fc.record({ entry, stamp }));
const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => nameProblem(text) === undefined);
/** Any listing. */
export const listing: fc.Arbitrary<Map<string, LocalNode>> = fc.array(fc.tuple(name, node)).map((nodes) =>
  new Map(nodes)
);
