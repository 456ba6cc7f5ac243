import { dirname, fromFileUrl } from "@std/path";
import { resolveFolder } from "../../lib/client/mod.ts";
import { Failure } from "../../lib/core/mod.ts";
import { walkTree } from "./walk_tree.ts";

/** A module of a package that this program imports, and whose files therefore lie on this machine. */
const knownModule = "npm:deno-std@1.4.0/path/mod.js";
/** A folder nobody named is taken only up to this size. */
const filesUnaskedMax = 20_000;

/**
 * The folder to show everything on: the named one; else the package tree that this program itself was made with; else,
 * as a compiled program has none, the current folder.
 *
 * @throws {Failure} if there is no such folder, or nobody named one and the current one is big.
 */
export function sourceTree(named: string | undefined): string {
  if (named !== undefined) return resolveFolder(named);
  const found = packageFolder();
  if (found !== undefined) return found;
  let files = 0;
  for (const _ of walkTree(".")) {
    if (++files <= filesUnaskedMax) continue;
    throw new Failure("usage", `The current folder holds more than ${filesUnaskedMax} files`, {
      hint: "Name the folder to show it on: dfs demo DIR",
    });
  }
  return resolveFolder(".");
}

/** The folder of the package, if its files lie on this disk. */
function packageFolder(): string | undefined {
  try {
    const module = import.meta.resolve(knownModule);
    return module.startsWith("file:") ? Deno.realPathSync(dirname(dirname(fromFileUrl(module)))) : undefined;
  } catch {
    return undefined;
  }
}
