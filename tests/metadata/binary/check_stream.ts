import { assert, assertEquals } from "@std/assert";
import { parseSafePath } from "../../../lib/core/mod.ts";
import { decodeMetadata, encodeMetadata } from "../../../lib/metadata/binary/mod.ts";
import { type FileMetadata, nsPerMs } from "../../../lib/metadata/mod.ts";

/**
 * Holds bytes that may be a metadata stream against the laws of the binary form: decoding throws nothing; it does not
 * matter where the bytes are cut; what is accepted keeps the rules of `FileMetadata` and survives the way back.
 *
 * @param cut Where the bytes are cut in two.
 * @returns Whether the stream was accepted.
 */
export function checkStream(bytes: Uint8Array, cut: number): boolean {
  const decoded = decodeMetadata([bytes]);
  const inTwo = decodeMetadata([bytes.subarray(0, cut), bytes.subarray(cut)]);
  assertEquals(inTwo.ok, decoded.ok);
  if (!decoded.ok) return false;
  for (const entry of decoded.value) checkRules(entry);
  const again = decodeMetadata(encodeMetadata(decoded.value));
  assert(again.ok);
  assertEquals(JSON.stringify(again.value), JSON.stringify(decoded.value));
  return true;
}

function checkRules(metadata: FileMetadata): void {
  const { path, kind, size, hash, target, mtimeMs, mtimeRestNs = 1, mode, version, owner, syncState } = metadata;
  const safe = parseSafePath(path);
  assert(safe.ok && safe.value === path, `The path ${JSON.stringify(path)} is not safe`);
  assert([size, version, mtimeMs].every(Number.isSafeInteger) && size >= 0 && version >= 0);
  assert(mode >= 0 && mode <= 0o7777);
  assert(Number.isSafeInteger(mtimeRestNs) && mtimeRestNs > 0 && mtimeRestNs < nsPerMs);
  assert(hash === undefined || (kind === "file" && /^[0-9a-f]{64}$/.test(hash)));
  assert((target === undefined) === (kind !== "symlink") && target !== "" && target?.includes("\0") !== true);
  assert(owner === undefined || (owner !== "" && owner.isWellFormed()));
  const nodes = syncState.replicas.map(({ node }) => node);
  assert(nodes.every((node) => node !== "") && new Set(nodes).size === nodes.length);
}
