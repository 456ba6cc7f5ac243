import { assert } from "@std/assert";
import { encodeRecords, RecordDecoder } from "../../../lib/metadata/binary/mod.ts";
import { at, symlink } from "../store/fixtures.ts";

function reads(target: string): boolean {
  const decoder = new RecordDecoder();
  const record = { type: "entry", path: at("link"), entry: symlink(target), version: 0, revision: 0 } as const;
  return [...encodeRecords([record])].every((piece) => decoder.push(piece).ok) && decoder.end().ok;
}

Deno.test("RecordDecoder takes the targets of links that a file system can hold, and no others", () => {
  for (const target of ["x", "\u{1f600}", " ", "../../up", "/", "x".repeat(4095)]) assert(reads(target), target);
  for (const target of ["", "a\0b", "\0", "x".repeat(4096), "\u00e9".repeat(2048)]) assert(!reads(target), target);
});
