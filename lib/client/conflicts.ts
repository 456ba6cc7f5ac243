import { Failure, joinPath, parentPath, platformFailure, type SafePath } from "../core/mod.ts";
import type { Entry, FileEntry } from "../metadata/mod.ts";
import { conflictName, getNode, originalOfConflict, stagedPrefix, walkTree } from "../sync/mod.ts";
import { type DiffSide, unifiedDiff } from "../sync/text/mod.ts";
import { folderTree } from "./base.ts";
import { fetchContent, manifestOfFile } from "./fetch_content.ts";
import type { Remote } from "./remote.ts";
import type { LocalWorkspace } from "./local_workspace.ts";

/** A conflict that somebody may decide. */
export type OpenConflict = WaitingConflict | KeptCopy;

/** A path at which both sides changed the same, and each stays as it is until somebody decides. */
export interface WaitingConflict {
  /** Tells it from a copy that was kept. */
  readonly kind: "waiting";
  /** Where it is. */
  readonly path: SafePath;
  /** What the folder had when it was last looked at; `undefined` for nothing. */
  readonly ours: Entry | undefined;
  /** What the server had then; `undefined` for nothing. */
  readonly theirs: Entry | undefined;
}

/** A copy of what lost the name, kept beside what has it. */
export interface KeptCopy {
  /** Tells it from a conflict that waits. */
  readonly kind: "copy";
  /** What the copy was made of; nothing may live there any more. */
  readonly path: SafePath;
  /** Where the copy lies. */
  readonly copy: SafePath;
  /** What the copy holds. */
  readonly entry: Entry;
}

/** What to do about a conflict. `ours` is what this folder has under the name, `theirs` what the server or a copy has. */
export type Resolution =
  | { readonly take: "ours" | "theirs" | "both" }
  | { readonly take: "merged"; readonly file: string };

/** All conflicts that a folder knows of, by path; asks no server. */
export function listConflicts(workspace: LocalWorkspace): OpenConflict[] {
  const base = workspace.loadBase();
  if (base === undefined) return [];
  const found: OpenConflict[] = [];
  for (const [path, { reason, here }] of base.open) {
    if (reason !== "conflict") continue;
    found.push({ kind: "waiting", path, ours: here?.entry, theirs: getNode(base.tree, path)?.entry });
  }
  for (const [copy, { entry }] of walkTree(folderTree(base))) {
    const path = originalOfConflict(copy);
    if (path !== undefined) found.push({ kind: "copy", path, copy, entry });
  }
  return found.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

/** The conflicts at a path, which may be that of a copy. */
export function conflictsAt(workspace: LocalWorkspace, path: SafePath): OpenConflict[] {
  return listConflicts(workspace).filter((found) =>
    found.path === path || (found.kind === "copy" && found.copy === path)
  );
}

/**
 * What tells the two sides of a conflict apart, in the unified format.
 *
 * @returns `undefined` if either side is no text.
 */
export async function showConflict(
  conflict: OpenConflict,
  workspace: LocalWorkspace,
  remote: Remote,
): Promise<string | undefined> {
  const { path } = conflict;
  const ours = readSide(workspace, path);
  if (conflict.kind === "copy") return unifiedDiff(ours, readSide(workspace, conflict.copy));
  const bytes = conflict.theirs?.kind === "file"
    ? await fetchFile(conflict.theirs, workspace, remote)
    : new Uint8Array();
  return unifiedDiff(ours, { name: `${path} (server)`, bytes });
}

function readSide(workspace: LocalWorkspace, path: SafePath): DiffSide {
  const place = workspace.disk.locate(path);
  try {
    return { name: path, bytes: Deno.lstatSync(place).isFile ? Deno.readFileSync(place) : new Uint8Array() };
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return { name: path, bytes: new Uint8Array() };
    throw platformFailure(`read "${place}"`, cause);
  }
}

function fetchFile(file: FileEntry, { state }: LocalWorkspace, remote: Remote): Promise<Uint8Array> {
  return fetchContent(file, manifestOfFile(file, (content) => state.manifest(content)), remote);
}

/** What {@linkcode resolveConflicts} works with. */
export interface ResolveOptions {
  /** The folder; another dfs may be at work in it. */
  readonly workspace: LocalWorkspace;
  /** What to do. */
  readonly resolution: Resolution;
  /** When, in milliseconds since 1970, for the name of a copy. */
  readonly nowMs: number;
}

/**
 * Decides a conflict in the folder; the next two-way run carries the decision to the server, if neither side changed
 * meanwhile. What loses its name by it is in the history of the space, or was kept as a copy.
 *
 * @param conflicts What {@linkcode conflictsAt} found at one path.
 * @throws {Failure} kind `usage` if there are several copies to choose from.
 */
export function resolveConflicts(conflicts: readonly OpenConflict[], options: ResolveOptions): void {
  const copies = conflicts.filter((conflict) => conflict.kind === "copy");
  if (copies.length > 1 && options.resolution.take === "theirs") {
    throw new Failure("usage", `${copies.length} copies of "${copies[0]!.path}" were kept`, {
      hint: "Name the copy to take instead of the path",
      details: copies.map(({ copy }) => copy),
    });
  }
  for (const conflict of conflicts) {
    if (conflict.kind === "waiting") resolveWaiting(conflict, options);
    else resolveCopy(conflict, options);
  }
}

function resolveWaiting({ path, ours, theirs }: WaitingConflict, options: ResolveOptions): void {
  const { workspace, resolution, nowMs } = options;
  switch (resolution.take) {
    case "merged":
      putInPlace(resolution.file, path, workspace);
      return workspace.state.saveResolution(path, theirs);
    case "ours":
      return workspace.state.saveResolution(path, theirs);
    case "theirs":
      return workspace.state.saveResolution(path, ours);
    case "both": {
      const copy = freeName(path, workspace, nowMs);
      renameIn(workspace, path, copy);
      return workspace.state.saveResolution(path, undefined);
    }
  }
}

function resolveCopy({ path, copy }: KeptCopy, { workspace, resolution }: ResolveOptions): void {
  switch (resolution.take) {
    case "merged":
      putInPlace(resolution.file, path, workspace);
      return removeIn(workspace, copy);
    case "ours":
      return removeIn(workspace, copy);
    case "theirs":
      return renameIn(workspace, copy, path);
    case "both":
      throw new Failure("usage", `Both are kept already: "${path}" and "${copy}"`, {
        hint: "Rename the copy, and it is a file like any other",
      });
  }
}

function freeName(path: SafePath, workspace: LocalWorkspace, nowMs: number): SafePath {
  for (let attempt = 0;; attempt++) {
    const name = conflictName(path, { client: workspace.clientId, atMs: nowMs + attempt * 1000 });
    if (!exists(workspace.disk.locate(name))) return name;
  }
}

function exists(place: string): boolean {
  try {
    Deno.lstatSync(place);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

function renameIn({ disk }: LocalWorkspace, from: SafePath, to: SafePath): void {
  attempt(`rename "${disk.locate(from)}"`, () => Deno.renameSync(disk.locate(from), disk.locate(to)));
}

function removeIn({ disk }: LocalWorkspace, path: SafePath): void {
  attempt(`delete "${disk.locate(path)}"`, () => Deno.removeSync(disk.locate(path)));
}

/** Puts a copy of a file in the place of whatever is there, in one step. */
function putInPlace(file: string, path: SafePath, workspace: LocalWorkspace): void {
  const place = workspace.disk.locate(path);
  const beside = workspace.disk.locate(joinPath(parentPath(path), `${stagedPrefix}resolved`));
  attempt(`copy "${file}" to "${place}"`, () => {
    Deno.copyFileSync(file, beside);
    const now = new Date();
    Deno.utimeSync(beside, now, now);
    Deno.renameSync(beside, place);
  });
}

function attempt(action: string, step: () => void): void {
  try {
    step();
  } catch (cause) {
    throw platformFailure(action, cause);
  }
}
