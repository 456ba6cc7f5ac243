import {
  ancestors,
  type Clock,
  Failure,
  joinPath,
  parentPath,
  platformFailure,
  rootPath,
  type SafePath,
} from "../../core/mod.ts";
import { type Entry, sameContent } from "../../metadata/mod.ts";
import { conflictName, getNode, stateDirectoryName } from "../../sync/mod.ts";
import { folderTree, type Workspace } from "../workspace/mod.ts";
import type { KeptCopy, OpenConflict, WaitingConflict } from "./conflicts.ts";
import { type Folder, readFiles } from "../folder/mod.ts";
import { silentProgress } from "../report.ts";

/** What to do about a conflict. `ours` is what this folder has under the name, `theirs` what the server or a copy has. */
export type Resolution =
  | { readonly take: "ours" | "theirs" | "both" }
  | { readonly take: "merged"; readonly file: string };

/** Where what is to take a place is put together. */
const stagedPath: SafePath = joinPath(joinPath(rootPath, stateDirectoryName), "resolved");

/** What {@linkcode resolveConflicts} works with. */
export interface ResolveOptions {
  /** The folder; another dfs may be at work in it. */
  readonly workspace: Workspace;
  /** What to do. */
  readonly resolution: Resolution;
  /** When, in milliseconds since 1970, for the name of a copy. */
  readonly nowMs: number;
}

/**
 * Decides a conflict in the folder; the next two-way run carries the decision to the server, if neither side changed
 * meanwhile. Of a conflict that waits, what it is decided against is given up: the folder's, which no server ever had,
 * too. What else loses its name by it is in the history of the space.
 *
 * @param conflicts What `conflictsAt` found at one path.
 * @throws {Failure} kind `usage` if there are several copies to choose from, `refused` if what would lose its name changed
 * since the last run, or lies behind a link.
 */
export async function resolveConflicts(conflicts: readonly OpenConflict[], options: ResolveOptions): Promise<void> {
  const copies = conflicts.filter((conflict) => conflict.kind === "copy");
  if (copies.length > 1 && options.resolution.take === "theirs") {
    throw new Failure("usage", `${copies.length} copies of "${copies[0]!.path}" were kept`, {
      hint: "Name the copy to take instead of the path",
      details: copies.map(({ copy }) => copy),
    });
  }
  for (const conflict of conflicts) {
    if (conflict.kind === "waiting") await resolveWaiting(conflict, options);
    else await resolveCopy(conflict, { ...options, givenUp: copies.length < conflicts.length });
  }
}

async function resolveWaiting({ path, ours, theirs }: WaitingConflict, options: ResolveOptions): Promise<void> {
  const { workspace: { disk, state, clientId }, resolution, nowMs } = options;
  switch (resolution.take) {
    case "merged":
      await putInPlace(resolution.file, path, options);
      return state.saveResolution(path, theirs);
    case "ours":
      return state.saveResolution(path, theirs);
    case "theirs":
      return state.saveResolution(path, ours);
    case "both": {
      requireFolders(path, disk);
      await rename(disk, path, freeName(path, { disk, clientId, nowMs }));
      return state.saveResolution(path, undefined);
    }
  }
}

async function resolveCopy(
  { path, copy }: KeptCopy,
  options: ResolveOptions & { readonly givenUp: boolean },
): Promise<void> {
  const { workspace, resolution, givenUp } = options;
  const { disk } = workspace;
  if (resolution.take === "both") {
    throw new Failure("usage", `Both are kept already: "${path}" and "${copy}"`, {
      hint: "Rename the copy, and it is a file like any other",
    });
  }
  for (const place of [path, copy]) requireFolders(place, disk);
  const gone = resolution.take === "theirs" ? path : copy;
  await requireKept(gone, { ...options, givenUp: givenUp && gone === path });
  switch (resolution.take) {
    case "merged":
      await requireKept(path, options);
      await putInPlace(resolution.file, path, options);
      return remove(disk, copy);
    case "ours":
      return remove(disk, copy);
    case "theirs":
      return await rename(disk, copy, path);
  }
}

/** Makes sure that every folder above a path is a real one: a link would lead the change elsewhere. */
function requireFolders(path: SafePath, disk: Folder): void {
  for (const above of ancestors(path)) {
    const { kind } = attempt(`read "${disk.locate(above)}"`, () => disk.stat(above));
    if (kind === "directory") continue;
    throw new Failure("refused", `"${disk.locate(above)}" is not a folder any more`, { hint: "Run dfs sync first" });
  }
}

/**
 * Makes sure that what lies at a path is kept on the server, or waits there for a decision and is given up by this one.
 */
async function requireKept(
  path: SafePath,
  { workspace, nowMs, givenUp }: ResolveOptions & { readonly givenUp: boolean },
): Promise<void> {
  const { disk } = workspace;
  if (!exists(path, disk)) return;
  const base = workspace.loadBase();
  const { reason } = base?.open.get(path) ?? {};
  const known = base && getNode(folderTree(base), path)?.entry;
  const told = reason === undefined || (reason === "conflict" && givenUp);
  if (told && known !== undefined && await holds(known, path, { workspace, nowMs })) return;
  throw new Failure("refused", `"${disk.locate(path)}" would be lost: it changed since the last run`, {
    hint: "Run dfs sync first, which keeps it on the server",
  });
}

/** Whether a path holds what an entry says; a file is read for that. */
async function holds(
  entry: Entry,
  path: SafePath,
  { workspace: { disk }, nowMs }: Pick<ResolveOptions, "workspace" | "nowMs">,
): Promise<boolean> {
  const stat = attempt(`read "${disk.locate(path)}"`, () => disk.stat(path));
  if (stat.kind !== entry.kind) return false;
  if (entry.kind === "symlink") return disk.readLink(path) === entry.target;
  if (entry.kind === "directory") return true;
  const clock: Clock = { now: () => nowMs, monotonic: () => 0 };
  const { nodes } = await readFiles(disk, [{ path, stat, known: entry }], { clock, progress: silentProgress });
  const found = nodes.get(path)?.entry;
  return found !== undefined && sameContent(found, entry);
}

function freeName(
  path: SafePath,
  { disk, clientId, nowMs }: { readonly disk: Folder; readonly clientId: string; readonly nowMs: number },
): SafePath {
  for (let attempt = 0;; attempt++) {
    const name = conflictName(path, { client: clientId, atMs: nowMs + attempt * 1000 });
    if (!exists(name, disk)) return name;
  }
}

function exists(path: SafePath, disk: Folder): boolean {
  return attempt(`read "${disk.locate(path)}"`, () => {
    try {
      disk.stat(path);
      return true;
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return false;
      throw cause;
    }
  });
}

async function rename(disk: Folder, from: SafePath, to: SafePath): Promise<void> {
  attempt(`rename "${disk.locate(from)}"`, () => disk.move(from, to));
  await disk.flushDirectories([parentPath(from), parentPath(to)]);
}

function remove(disk: Folder, path: SafePath): void {
  attempt(`delete "${disk.locate(path)}"`, () => disk.remove(path));
}

/** Puts a copy of a file in the place of whatever is there, in one step. */
async function putInPlace(file: string, path: SafePath, { workspace, nowMs }: ResolveOptions): Promise<void> {
  const { disk } = workspace;
  const action = `copy "${file}" to "${disk.locate(path)}"`;
  requireFolders(path, disk);
  try {
    disk.copyIn(file, stagedPath);
    disk.setTime(stagedPath, { mtimeMs: nowMs });
    // The name must not come to the medium before the bytes.
    await disk.flushFiles([stagedPath]);
    disk.move(stagedPath, path);
    // What is remembered next counts on it.
    await disk.flushDirectories([parentPath(path)]);
  } catch (cause) {
    const failure = platformFailure(action, cause);
    attempt(action, () => disk.removeAll(stagedPath));
    throw failure;
  }
}

function attempt<T>(action: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw platformFailure(action, cause);
  }
}
