import { join } from "@std/path";

/** A tool's own folders, which are no part of the tree. */
const ownNames = new Set([".dfs"]);

/**
 * Compares two trees: names, kinds, modes, times of files to the second, targets of links, and every byte.
 *
 * @param left One folder.
 * @param right The other.
 * @throws {Error} At the first difference, naming the path.
 */
export function compareTrees(left: string, right: string): void {
  const [names, others] = [left, right].map((folder) =>
    [...Deno.readDirSync(folder)].map((entry) => entry.name).filter((name) => !ownNames.has(name)).sort()
  );
  if (names === undefined || names.join("/") !== others?.join("/")) {
    throw new Error(`${left} and ${right} hold different names`);
  }
  for (const name of names) compareEntries(join(left, name), join(right, name));
}

function compareEntries(left: string, right: string): void {
  const [one, other] = [Deno.lstatSync(left), Deno.lstatSync(right)];
  const kinds = [one, other].map((info) => info.isDirectory ? "folder" : info.isSymlink ? "link" : "file");
  if (kinds[0] !== kinds[1]) throw new Error(`${left} is a ${kinds[0]}, ${right} is a ${kinds[1]}`);
  if (kinds[0] === "link") {
    if (Deno.readLinkSync(left) !== Deno.readLinkSync(right)) throw new Error(`Link ${right} leads elsewhere`);
    return;
  }
  if (one.mode !== other.mode) throw new Error(`${left} and ${right} differ in mode`);
  if (kinds[0] === "folder") return compareTrees(left, right);
  if (one.size !== other.size) throw new Error(`${left} and ${right} differ in size`);
  const times = [one, other].map((info) => Math.floor((info.mtime?.getTime() ?? 0) / 1000));
  if (times[0] !== times[1]) throw new Error(`${left} and ${right} differ in time`);
  if (!sameContent(left, right)) throw new Error(`${left} and ${right} differ in content`);
}

const buffers = [new Uint8Array(1024 * 1024), new Uint8Array(1024 * 1024)] as const;

function sameContent(left: string, right: string): boolean {
  using one = Deno.openSync(left);
  using other = Deno.openSync(right);
  for (;;) {
    const [a, b] = [fill(one, buffers[0]), fill(other, buffers[1])];
    if (a.length !== b.length || !equal(a, b)) return false;
    if (a.length === 0) return true;
  }
}

/** Reads until the buffer is full or the file ends. */
function fill(file: Deno.FsFile, buffer: Uint8Array): Uint8Array {
  let length = 0;
  while (length < buffer.length) {
    const read = file.readSync(buffer.subarray(length));
    if (read === null) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
