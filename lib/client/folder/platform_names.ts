import { ancestors, baseName, parentPath, type SafePath, windowsNameProblem } from "../../core/mod.ts";
import { compareNames } from "../../metadata/mod.ts";
import type { Tree } from "../../sync/mod.ts";
import type { Folder } from "./folder.ts";

/** Which names a folder's disk can hold. */
export interface NameRules {
  /** Whether names must be such as Windows takes. */
  readonly windows: boolean;
  /** Whether names that differ only in capitals, or in how characters are composed, are one name. */
  readonly folds: boolean;
}

/** The rules of a folder on this platform. */
export function nameRulesOf({ foldsNames = false }: Pick<Folder, "foldsNames">): NameRules {
  return { windows: Deno.build.os === "windows", folds: foldsNames };
}

/** What a disk that folds names makes of one: capitals do not count, nor does how a character is composed (NFC, NFD). */
export function foldName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Says why a disk cannot hold paths of a server's tree. */
export class NameCheck {
  readonly #rules: NameRules;
  readonly #server: Tree;
  readonly #here: Tree;
  /** For each directory, which of the names that fold to the same it can hold. */
  readonly #kept = new Map<SafePath, ReadonlyMap<string, string>>();

  /** @param here The folder as it is: a name that lies there goes before one that does not. */
  constructor(rules: NameRules, server: Tree, here: Tree) {
    this.#rules = rules;
    this.#server = server;
    this.#here = here;
  }

  /** Says why a path cannot be kept here, in a sentence; `undefined` if it can. */
  problemOf(path: SafePath): string | undefined {
    const { windows, folds } = this.#rules;
    if (!windows && !folds) return undefined;
    for (const part of [...ancestors(path), path]) {
      const name = baseName(part);
      const trouble = windows ? windowsNameProblem(name) : undefined;
      if (trouble !== undefined) return `Windows cannot hold ${JSON.stringify(name)}: ${trouble}`;
      const other = folds ? this.#keptName(part) : name;
      if (other !== name) {
        return `This disk cannot hold it beside ${JSON.stringify(other)}, which differs in capitals or accents only`;
      }
    }
    return undefined;
  }

  /** The name that is kept of those that fold to the same as that of a path. */
  #keptName(path: SafePath): string {
    const directory = parentPath(path);
    let kept = this.#kept.get(directory);
    if (kept === undefined) {
      kept = this.#choose(directory);
      this.#kept.set(directory, kept);
    }
    return kept.get(foldName(baseName(path))) ?? baseName(path);
  }

  #choose(directory: SafePath): Map<string, string> {
    const kept = new Map<string, string>();
    for (const name of [...this.#server.get(directory)?.keys() ?? []].sort(compareNames)) {
      const folded = foldName(name);
      const isHere = this.#here.get(directory)?.has(name) ?? false;
      if (!kept.has(folded) || isHere) kept.set(folded, name);
    }
    return kept;
  }
}

/**
 * Says whether a path that is to go lies where one comes that a disk which folds names takes for the same: it must go
 * first, or what comes would go with it.
 *
 * @param folded The folded paths of all that comes.
 * @param comes All that comes.
 */
export function foldsOnto(path: SafePath, folded: ReadonlySet<string>, comes: ReadonlyMap<SafePath, unknown>): boolean {
  return [...ancestors(path), path].some((part) => folded.has(foldName(part)) && !comes.has(part));
}
