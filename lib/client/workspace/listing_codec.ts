import { type ByteReader, ByteWriter, type Hash } from "../../core/mod.ts";
import { type Entry, fileTime } from "../../metadata/mod.ts";
import type { LocalNode } from "../../sync/mod.ts";

/** What stands for each kind in a tag. */
export const kinds = { file: 1, directory: 2, symlink: 3 } as const;
/** Set in a node's tag if its stamp follows. */
export const stamped = 0x10;
/** Set in a file's tag if its time has a rest in nanoseconds, which follows the milliseconds. */
export const timed = 0x20;
/** What of a tag is the kind. */
export const kindMask = 0x0f;

/**
 * Packs a listing field by field, not node by node: how many nodes, their names with `/` between them, their tags, the hashes
 * of the files, the numbers of all, the rests of the times that have one, the targets of the links. So a
 * {@linkcode PackedListing} finds each of them without looking at the others.
 */
export function packListing(listing: ReadonlyMap<string, LocalNode>): Uint8Array<ArrayBuffer> {
  const nodes = [...listing.values()];
  const writer = scratch;
  writer.reset();
  writer.varint(nodes.length);
  writer.string([...listing.keys()].join("/"));
  for (const node of nodes) writer.byte(tagOf(node));
  for (const { entry } of nodes) if (entry.kind === "file") writer.hex(entry.content);
  const numbers = new Float64Array(nodes.length * numbersEach);
  nodes.forEach((node, index) => writeNumbers(numbers, index * numbersEach, node));
  writer.raw(new Uint8Array(numbers.buffer));
  const rests = nodes.map(restOf).filter((rest) => rest > 0);
  writer.raw(new Uint8Array(Uint32Array.from(rests).buffer));
  for (const { entry } of nodes) if (entry.kind === "symlink") writer.string(entry.target);
  return writer.bytes();
}

/** Reused from listing to listing. */
const scratch = new ByteWriter(64 * 1024);

/** Where each number of a node stands in a listing: of an entry what it has of these, and of its stamp. */
export const numberColumn = { mode: 0, mtimeMs: 1, size: 2, ctimeMs: 3, inode: 4 } as const;
/** How many numbers there are of each node. */
export const numbersEach = 5;

function writeNumbers(numbers: Float64Array, at: number, { entry, stamp }: LocalNode): void {
  if (entry.kind !== "symlink") numbers[at + numberColumn.mode] = entry.mode;
  if (entry.kind === "file") {
    numbers[at + numberColumn.mtimeMs] = entry.mtimeMs;
    numbers[at + numberColumn.size] = entry.size;
  }
  if (stamp === undefined) return;
  numbers[at + numberColumn.ctimeMs] = stamp.ctimeMs;
  numbers[at + numberColumn.inode] = stamp.inode;
}

function tagOf(node: LocalNode): number {
  return kinds[node.entry.kind] + (node.stamp === undefined ? 0 : stamped) + (restOf(node) === 0 ? 0 : timed);
}

function restOf({ entry }: LocalNode): number {
  return entry.kind === "file" ? entry.mtimeRestNs ?? 0 : 0;
}

/** Packs a node: its kind, its fields, and its stamp if it has one; 0 for none. */
export function writeNode(writer: ByteWriter, node: LocalNode | undefined): void {
  if (node === undefined) return writer.byte(0);
  const { entry, stamp } = node;
  writer.byte(tagOf(node));
  switch (entry.kind) {
    case "file":
      writer.varint(entry.mode);
      writer.signedVarint(entry.mtimeMs);
      if (entry.mtimeRestNs) writer.varint(entry.mtimeRestNs);
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
  writer.signedVarint(Math.round(stamp.ctimeMs * usPerMs));
  writer.varint(stamp.inode);
}

/** Unpacks a node. */
export function readNode(reader: ByteReader): LocalNode | undefined {
  const tag = reader.byte();
  if (tag === 0) return undefined;
  const entry = readEntry(tag, reader);
  if ((tag & stamped) === 0) return { entry };
  return { entry, stamp: { ctimeMs: reader.signedVarint() / usPerMs, inode: reader.varint() } };
}

/** Change times are told to the microsecond. */
const usPerMs = 1000;

function readEntry(tag: number, reader: ByteReader): Entry {
  switch (tag & kindMask) {
    case kinds.file:
      return {
        kind: "file",
        mode: reader.varint(),
        ...fileTime(reader.signedVarint(), (tag & timed) === 0 ? 0 : reader.varint()),
        size: reader.varint(),
        content: reader.hex(32) as Hash,
      };
    case kinds.directory:
      return { kind: "directory", mode: reader.varint() };
    default:
      return { kind: "symlink", target: reader.string() };
  }
}
