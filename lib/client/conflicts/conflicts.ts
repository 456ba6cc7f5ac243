import { platformFailure, type SafePath } from "../../core/mod.ts";
import type { Entry, FileEntry } from "../../metadata/mod.ts";
import { getNode, originalOfConflict, walkTree } from "../../sync/mod.ts";
import { type DiffSide, unifiedDiff } from "../../sync/text/mod.ts";
import { folderTree, type LocalWorkspace, type Workspace } from "../workspace/mod.ts";
import { fetchContent, manifestOfFile } from "../transfer/mod.ts";
import type { Remote } from "../remote/mod.ts";

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

/** All conflicts that a folder knows of, by path; asks no server. */
export function listConflicts(workspace: Workspace): OpenConflict[] {
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

/** The conflicts at a path, which may be that of a copy; one that waits at the very path comes before that. */
export function conflictsAt(workspace: Workspace, path: SafePath): OpenConflict[] {
  const found = listConflicts(workspace);
  const here = found.filter((conflict) => conflict.path === path);
  if (here.some(({ kind }) => kind === "waiting")) return here;
  return found.filter((conflict) => conflict.path === path || (conflict.kind === "copy" && conflict.copy === path));
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
