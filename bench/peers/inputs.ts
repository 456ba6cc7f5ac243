import { join } from "@std/path";
import { makeTree } from "./made_tree.ts";
import { randomBytes } from "./random_bytes.ts";
import { interruption } from "./spawn.ts";
import { run } from "./tool.ts";
import { writeAll } from "./write_all.ts";

/** Packages whose installation is a tree of some 18,000 files and 110 MB. */
const packages = [
  "typescript@5.6.3",
  "date-fns@4.1.0",
  "core-js@3.39.0",
  "webpack@5.96.1",
  "rxjs@7.8.1",
  "three@0.170.0",
  "lodash@4.17.21",
  "ramda@0.30.1",
  "prettier@3.3.3",
];

const mebibyte = 1024 * 1024;

/**
 * Makes a folder with one random file of 1 GiB.
 *
 * @param folder Where; it must not exist.
 */
export async function makeBigFile(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  using file = await Deno.create(join(folder, "big.bin"));
  for (let written = 0; written < 1024; written++) await writeAll(file, randomBytes(mebibyte));
}

/**
 * Makes a tree of small files: installed npm packages, or where npm cannot fetch them a made one of that profile.
 *
 * @param folder Where; it must not exist.
 * @returns What it is, in a line.
 */
export async function makeSmallFiles(folder: string): Promise<string> {
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "package.json"), "{}\n");
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", ...packages];
  try {
    await run({ program: "npm", args });
    return `packages installed by npm: ${packages.join(" ")}`;
  } catch {
    interruption.throwIfAborted();
    await Deno.remove(folder, { recursive: true });
    makeTree(folder, { files: 18_000, bytes: 110e6, seed: 1 });
    return "a made tree of 18,000 files, because npm could not install packages";
  }
}

/**
 * Makes a folder with four copies of one package of 22 MB.
 *
 * @param folder Where; it must not exist.
 * @param tree What {@linkcode makeSmallFiles} made.
 */
export async function makeCopies(folder: string, tree: string): Promise<void> {
  await Deno.mkdir(folder);
  let original = join(tree, "node_modules", "typescript");
  if (!await exists(original)) {
    original = join(folder, "copy-1");
    makeTree(original, { files: 120, bytes: 22e6, seed: 2 });
  }
  for (let copy = 1; copy <= 4; copy++) {
    const target = join(folder, `copy-${copy}`);
    if (target !== original) await copyTree(original, target);
  }
}

/** The version of TypeScript whose package {@linkcode makePackage} makes a folder of. */
const firstVersion = "5.6.2";

/**
 * Makes a folder with the package of a version of TypeScript, some 22 MB in 120 files, as npm gives it.
 *
 * @param folder Where; it must not exist.
 */
export async function makePackage(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  await installPackage(folder, firstVersion);
}

/**
 * Puts another version of the same package in the place of what is in a folder, but for what dfs keeps there.
 *
 * @param folder The folder.
 * @param version The version.
 */
export async function installPackage(folder: string, version: string): Promise<void> {
  const work = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(work, "package.json"), "{}\n");
    const args = ["install", "--prefix", work, "--no-audit", "--no-fund", "--ignore-scripts", `typescript@${version}`];
    await run({ program: "npm", args });
    for (const { name } of Deno.readDirSync(folder)) {
      if (name !== ".dfs") await Deno.remove(join(folder, name), { recursive: true });
    }
    await copyTree(`${join(work, "node_modules", "typescript")}/.`, folder);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/**
 * Copies a tree with modes and times.
 *
 * @param from A folder.
 * @param to Where; it must not exist.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  await run({ program: "cp", args: ["--archive", from, to] });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}
