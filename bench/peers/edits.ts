import { join } from "@std/path";
import { randomBytes } from "./random_bytes.ts";
import { writeAll } from "./write_all.ts";

const mebibyte = 1024 * 1024;

/**
 * Edits the file of {@linkcode makeBigFile} as a program does that saves it anew: 100 bytes inserted, 4 KiB
 * overwritten and 100 bytes deleted, each a quarter of the file apart.
 *
 * @param folder The folder of the file.
 */
export async function editBigFile(folder: string): Promise<void> {
  const [path, edited] = [join(folder, "big.bin"), join(folder, "big.bin.new")];
  {
    using source = await Deno.open(path);
    using target = await Deno.create(edited);
    await copyRange(source, target, { from: 0, to: 256 * mebibyte });
    await writeAll(target, randomBytes(100));
    await copyRange(source, target, { from: 256 * mebibyte, to: 512 * mebibyte });
    await writeAll(target, randomBytes(4096));
    await copyRange(source, target, { from: 512 * mebibyte + 4096, to: 768 * mebibyte });
    await copyRange(source, target, { from: 768 * mebibyte + 100, to: 1024 * mebibyte });
  }
  await Deno.rename(edited, path);
}

/**
 * Renames the folder whose number of files is nearest to 1,500.
 *
 * @param tree A tree of {@linkcode makeSmallFiles}.
 */
export async function renameFolder(tree: string): Promise<void> {
  const counts = new Map<string, number>();
  countFiles(tree, counts);
  counts.delete(tree);
  const distance = ([, files]: [string, number]): number => Math.abs(files - 1500);
  const [nearest] = [...counts].sort((a, b) => distance(a) - distance(b))[0] ?? [];
  if (nearest === undefined) throw new Error(`${tree} has no folder to rename`);
  await Deno.rename(nearest, `${nearest}-renamed`);
}

/** How many files {@linkcode editFewFiles} edits, deletes and adds. */
const few = { edited: 50, deleted: 20, added: 20 } as const;

/**
 * Edits 50 files, deletes 20 and adds 20, spread over the whole tree.
 *
 * @param tree A tree of {@linkcode makeSmallFiles}.
 */
export async function editFewFiles(tree: string): Promise<void> {
  const files = filesIn(tree);
  const { edited, deleted, added } = few;
  const step = Math.floor(files.length / (edited + deleted + added));
  for (let index = 0; index < edited + deleted + added; index++) {
    const path = files[index * step]!;
    if (index < edited) await Deno.writeTextFile(path, `// edited ${index}\n`, { append: true });
    else if (index < edited + deleted) await Deno.remove(path);
    else await Deno.writeTextFile(`${path}.added`, `a new file of some length, the ${index}th\n`.repeat(20));
  }
}

/** The files of some size in and below a folder, sorted. */
function filesIn(folder: string): string[] {
  const files: string[] = [];
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    if (isDirectory && name !== ".dfs") files.push(...filesIn(join(folder, name)));
    else if (isFile && Deno.statSync(join(folder, name)).size > 0) files.push(join(folder, name));
  }
  return files.sort();
}

/** Notes for each folder how many files are in and below it. */
function countFiles(folder: string, counts: Map<string, number>): number {
  let files = 0;
  for (const entry of Deno.readDirSync(folder)) {
    files += entry.isDirectory ? countFiles(join(folder, entry.name), counts) : 1;
  }
  counts.set(folder, files);
  return files;
}

async function copyRange(
  source: Deno.FsFile,
  target: Deno.FsFile,
  range: { readonly from: number; readonly to: number },
): Promise<void> {
  const buffer = new Uint8Array(mebibyte);
  await source.seek(range.from, Deno.SeekMode.Start);
  for (let left = range.to - range.from; left > 0;) {
    const length = await source.read(buffer.subarray(0, Math.min(left, buffer.length)));
    if (length === null) throw new Error("The file is shorter than it was made");
    await writeAll(target, buffer.subarray(0, length));
    left -= length;
  }
}
