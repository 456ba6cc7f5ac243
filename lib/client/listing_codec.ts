import type { ByteReader, ByteWriter, Hash } from "../core/mod.ts";
import type { Entry } from "../metadata/mod.ts";
import type { LocalNode } from "../sync/mod.ts";

const kinds = { file: 1, directory: 2, symlink: 3 } as const;
/** Set in a node's tag if its stamp follows. */
const stamped = 0x10;

/** Packs a listing: how many nodes, then each by its name. */
export function writeListing(writer: ByteWriter, listing: ReadonlyMap<string, LocalNode>): void {
  writer.varint(listing.size);
  for (const [name, node] of listing) {
    writer.string(name);
    writeNode(writer, node);
  }
}

/** Unpacks a listing. */
export function readListing(reader: ByteReader): Map<string, LocalNode> {
  const listing = new Map<string, LocalNode>();
  for (let left = reader.varint(); left > 0; left--) {
    const name = reader.string();
    const node = readNode(reader);
    if (node !== undefined) listing.set(name, node);
  }
  return listing;
}

/** Packs a node: its kind, its fields, and its stamp if it has one; 0 for none. */
export function writeNode(writer: ByteWriter, node: LocalNode | undefined): void {
  if (node === undefined) return writer.byte(0);
  const { entry, stamp } = node;
  writer.byte(kinds[entry.kind] + (stamp === undefined ? 0 : stamped));
  switch (entry.kind) {
    case "file":
      writer.varint(entry.mode);
      writer.signedVarint(entry.mtimeMs);
      writer.varint(entry.size);
      writer.hex(entry.content);
      break;
    case "directory":
      writer.varint(entry.mode);
      break;
    case "symlink":
      writer.string(entry.target);
  }
  if (stamp === undefined) return;
  writer.signedVarint(stamp.ctimeMs);
  writer.varint(stamp.inode);
}

/** Unpacks a node. */
export function readNode(reader: ByteReader): LocalNode | undefined {
  const tag = reader.byte();
  if (tag === 0) return undefined;
  const entry = readEntry(tag & ~stamped, reader);
  if ((tag & stamped) === 0) return { entry };
  return { entry, stamp: { ctimeMs: reader.signedVarint(), inode: reader.varint() } };
}

function readEntry(kind: number, reader: ByteReader): Entry {
  switch (kind) {
    case kinds.file:
      return {
        kind: "file",
        mode: reader.varint(),
        mtimeMs: reader.signedVarint(),
        size: reader.varint(),
        content: reader.hex(32) as Hash,
      };
    case kinds.directory:
      return { kind: "directory", mode: reader.varint() };
    default:
      return { kind: "symlink", target: reader.string() };
  }
}
