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

const kindCode = { file: 1, directory: 2, symlink: 3 } as const;

/**
 * The Merkle hash of a directory: SHA-256 over its children in the order of their names (UTF-16 code units), each with
 * everything that is kept of it, and for a directory the hash of what lies in it. Two trees with equal hashes at the
 * root are equal in names, bytes and kept metadata.
 *
 * @param children Every child, sorted by name.
 */
export function directoryHash(children: Iterable<HashedChild>): Hash {
  const writer = scratch;
  writer.reset();
  for (const { name, entry, tree } of children) {
    writer.byte(kindCode[entry.kind]);
    writer.string(name);
    switch (entry.kind) {
      case "file":
        writer.varint(entry.mode);
        writer.signedVarint(entry.mtimeMs);
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
