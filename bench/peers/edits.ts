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
