import { Buffer } from "node:buffer";
import { type Found, walkTree } from "./walk_tree.ts";

/** What a comparison found. */
export interface Comparison {
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  /** One phrase for each path that is not the same on both sides. */
  readonly differences: readonly string[];
}

/**
 * Compares two folders by reading both: names, kinds, every byte, targets of links, modes, and the modification times of
 * files to the millisecond. It shares no code with the synchronization that it checks.
 *
 * @param leaveOut Paths that are not compared.
 */
export function compareTrees(left: string, right: string, leaveOut: ReadonlySet<string>): Comparison {
  const others = new Map(Array.from(walkTree(right), (found) => [found.path, found]));
  const counts = { files: 0, folders: 0, links: 0 };
  const differences: string[] = [];
  for (const found of walkTree(left)) {
    const other = others.get(found.path);
    others.delete(found.path);
    if (leaveOut.has(found.path)) continue;
    if (found.info.isFile) counts.files++;
    else if (found.info.isDirectory) counts.folders++;
    else counts.links++;
    const difference = other === undefined ? "is missing" : compareOne(left, right, [found, other]);
    if (difference !== undefined) differences.push(`${found.path} ${difference}`);
  }
  for (const path of others.keys()) differences.push(`${path} should not be there`);
  return { ...counts, differences };
}

function compareOne(left: string, right: string, [a, b]: readonly [Found, Found]): string | undefined {
  if (a.info.isFile !== b.info.isFile || a.info.isDirectory !== b.info.isDirectory) return "is of another kind";
  if (a.info.isSymlink) {
    return Deno.readLinkSync(`${left}/${a.path}`) === Deno.readLinkSync(`${right}/${b.path}`)
      ? undefined
      : "leads elsewhere";
  }
  if (a.info.mode !== b.info.mode) return "has another mode";
  if (a.info.isDirectory) return undefined;
  if (a.info.mtime?.getTime() !== b.info.mtime?.getTime()) return "has another modification time";
  return sameBytes(`${left}/${a.path}`, `${right}/${b.path}`) ? undefined : "has other bytes";
}

const bufferBytes = 1024 * 1024;
const buffers = [new Uint8Array(bufferBytes), new Uint8Array(bufferBytes)] as const;

function sameBytes(left: string, right: string): boolean {
  using a = Deno.openSync(left);
  using b = Deno.openSync(right);
  while (true) {
    const [one, other] = [fill(a, buffers[0]), fill(b, buffers[1])];
    if (Buffer.compare(one, other) !== 0) return false;
    if (one.length < bufferBytes) return true;
  }
}

/** Reads until the buffer is full or the file ends. */
function fill(file: Deno.FsFile, buffer: Uint8Array): Uint8Array {
  let length = 0;
  for (let read = file.readSync(buffer); read !== null; read = file.readSync(buffer.subarray(length))) {
    length += read;
    if (length === buffer.length) break;
  }
  return buffer.subarray(0, length);
}
