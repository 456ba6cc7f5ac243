import { ByteWriter } from "../../core/mod.ts";
import type { FileMetadata } from "../file_metadata.ts";
import { blockFlags, kindCodes, statusCodes } from "./metadata_block.ts";

/** Reused from block to block; writing is synchronous, so no two calls are ever in it at once. */
const rows = new ByteWriter(64 * 1024);

/**
 * Writes a block of entries (`metadata_block.ts`).
 *
 * @param entries From 1 to `blockEntriesMax` of them.
 */
export function encodeMetadataBlock(payload: ByteWriter, entries: readonly FileMetadata[]): void {
  const strings = new Map<string, number>();
  rows.reset();
  let names = "";
  let hashes = "";
  let folder = "";
  let folderEnd = -2;
  let folderIndex = 0;
  let precise = false;
  for (const entry of entries) {
    const { path, hash } = entry;
    const slash = path.lastIndexOf("/");
    // Neighbours mostly lie in the same folder: then nothing is looked up.
    if (slash !== folderEnd || !path.startsWith(folder)) {
      folder = slash < 0 ? "" : path.slice(0, slash);
      folderEnd = slash;
      folderIndex = indexOf(strings, folder);
    }
    names += path.slice(slash + 1);
    if (hash !== undefined) hashes += hash;
    writeFlags(entry);
    rows.varint(folderIndex);
    rows.varint(path.length - slash - 1);
    writeFields(entry, strings);
    if (entry.mtimeRestNs) precise = true;
  }
  payload.varint(entries.length);
  writeStrings(payload, strings);
  payload.string(names);
  payload.varint(hashes.length / 64);
  payload.hex(hashes);
  payload.raw(rows.view());
  if (precise) { for (const { mtimeRestNs = 0 } of entries) payload.varint(mtimeRestNs); }
}

function writeFlags({ kind, hash, owner, mtimeMs, syncState }: FileMetadata): void {
  let flags = kindCodes[kind] | statusCodes[syncState.status] << blockFlags.statusShift;
  if (hash !== undefined) flags |= blockFlags.hash;
  if (owner !== undefined) flags |= blockFlags.owner;
  if (mtimeMs < 0) flags |= blockFlags.before1970;
  rows.byte(flags);
}

function writeFields(entry: FileMetadata, strings: Map<string, number>): void {
  rows.varint(entry.mode);
  rows.varint(entry.size);
  rows.varint(Math.abs(entry.mtimeMs));
  rows.varint(entry.version);
  if (entry.owner !== undefined) rows.varint(indexOf(strings, entry.owner));
  const { replicas } = entry.syncState;
  rows.varint(replicas.length);
  for (const { node, version } of replicas) {
    rows.varint(indexOf(strings, node));
    rows.varint(version);
  }
  if (entry.target !== undefined) rows.varint(indexOf(strings, entry.target));
}

function indexOf(strings: Map<string, number>, text: string): number {
  const known = strings.get(text);
  if (known !== undefined) return known;
  const index = strings.size;
  strings.set(text, index);
  return index;
}

function writeStrings(payload: ByteWriter, strings: ReadonlyMap<string, number>): void {
  payload.varint(strings.size);
  let all = "";
  for (const text of strings.keys()) {
    payload.varint(text.length);
    all += text;
  }
  payload.string(all);
}
