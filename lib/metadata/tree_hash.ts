import { ByteWriter, emptyHash, type Hash, sha256 } from "../core/mod.ts";
import type { Entry } from "./entry.ts";

/** One child of a directory, as {@linkcode directoryHash} takes it in. */
export interface HashedChild {
  /** The last name of its path; children are hashed in the order of their names. */
  readonly name: string;
  /** What is hashed of it beside its name: kind, mode, time, content or target. */
  readonly entry: Entry;
  /** Of a directory: the hash of what lies in it, by {@linkcode directoryHash}. */
  readonly tree?: Hash | undefined;
}

/** What a child's hash begins with; files whose time has nanoseconds have a code of their own, so that others hash as ever. */
const kindCode = { file: 1, directory: 2, symlink: 3, preciseFile: 4 } as const;

/**
 * The Merkle hash of a directory: SHA-256 over its children in the order of their names (UTF-16 code units), each with
 * everything that is kept of it, and for a directory the hash of what lies in it. Two trees with equal hashes at the
 * root are equal in names, bytes and kept metadata.
 *
 * ```
 * child     = kind name fields               1 byte, string
 *   file      fields = mode mtime size content       kind 1: varint, signed varint in milliseconds, varint, 32 bytes
 *   file      fields = mode mtime rest size content  kind 4: the nanoseconds after the milliseconds as a varint, if not 0
 *   directory fields = mode tree                     kind 2: varint, 32 bytes
 *   symlink   fields = target                        kind 3: string
 * ```
 *
 * @param children Every child, sorted by name.
 */
export function directoryHash(children: Iterable<HashedChild>): Hash {
  const writer = scratch;
  writer.reset();
  for (const { name, entry, tree } of children) {
    const restNs = entry.kind === "file" ? entry.mtimeRestNs ?? 0 : 0;
    writer.byte(restNs === 0 ? kindCode[entry.kind] : kindCode.preciseFile);
    writer.string(name);
    switch (entry.kind) {
      case "file":
        writer.varint(entry.mode);
        writer.signedVarint(entry.mtimeMs);
        if (restNs !== 0) writer.varint(restNs);
        writer.varint(entry.size);
        writer.hex(entry.content);
        break;
      case "directory":
        if (tree === undefined) throw new TypeError(`The directory ${JSON.stringify(name)} came without its tree hash`);
        writer.varint(entry.mode);
        writer.hex(tree);
        break;
      case "symlink":
        writer.string(entry.target);
    }
  }
  return sha256(writer.view());
}

/** Reused from call to call; hashing is synchronous, so no two calls are ever in it at once. */
const scratch = new ByteWriter(64 * 1024);

/** The hash of a directory, and of a space, with nothing in it. */
export const emptyTree: Hash = emptyHash;

/** The order of names in a directory: by UTF-16 code units, as JavaScript compares strings. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
