import { ancestors, err, isWithin, ok, type Result, rootPath, type SafePath } from "../../core/mod.ts";
import { type Commit, type Entry, type MetadataStore, sameContent, sameEntry } from "../../metadata/mod.ts";
import type { PathChange } from "../diff.ts";
import { isReservedPath } from "../reserved_name.ts";
import { versionAt } from "./version_at.ts";

/** What to bring back. */
export interface RestoreGoal {
  /** The name of the space. */
  readonly space: string;
  /** A file, a link, or a directory with everything in it; the root for the whole space. */
  readonly path: SafePath;
  /** The revision at which it was as it is to be. */
  readonly revision: number;
  /** Whether what was added since goes. */
  readonly exact: boolean;
}

/** What a commit has to hold to bring something back. */
export interface RestorePlan extends Pick<Commit, "puts" | "deletes"> {
  /** The same for people, sorted by path. */
  readonly changes: readonly PathChange[];
}

/**
 * Why something cannot be brought back.
 *
 * - `unknown_path`: nothing ever lived there.
 * - `not_there`: nothing lived there at that revision.
 * - `in_the_way`: these paths were added since, and lie where something else is to be.
 */
export type PlanProblem =
  | { readonly reason: "unknown_path" }
  | { readonly reason: "not_there"; readonly revision: number }
  | { readonly reason: "in_the_way"; readonly paths: readonly SafePath[] };

/** What lives at some paths now and what lived there then, as far as it may differ. */
interface Comparison {
  readonly now: Map<SafePath, Entry | undefined>;
  readonly then: Map<SafePath, Entry>;
}

/** Works out what brings something back; changes nothing. */
export async function planRestore(
  metadata: MetadataStore,
  goal: RestoreGoal,
): Promise<Result<RestorePlan, PlanProblem>> {
  const { space, path, revision, exact } = goal;
  const compared: Comparison = { now: new Map(), then: new Map() };
  const lived = path === rootPath ? undefined : await entryAt(metadata, goal);
  if (lived !== undefined && !lived.ok) return lived;
  const entry = lived?.value;
  if (entry === undefined || entry.kind === "directory") await compareTrees(metadata, goal, compared);
  else await compareOne(metadata, { space, path, entry }, compared);
  const blocked: SafePath[] = [];
  for (const above of ancestors(path)) {
    const now = (await metadata.get(space, above))?.entry;
    if (now?.kind === "directory") continue;
    const then = await entryAt(metadata, { space, path: above, revision });
    if (!then.ok) return then;
    compared.now.set(above, now);
    compared.then.set(above, then.value);
    if (now !== undefined) blocked.push(above);
  }
  const plan = planChanges(compared, exact);
  const inTheWay = exact ? [] : [...blocked, ...plan.inTheWay];
  return inTheWay.length > 0 ? err({ reason: "in_the_way", paths: inTheWay }) : ok(plan);
}

/** What lived at a path at a revision. */
async function entryAt(
  metadata: MetadataStore,
  { space, path, revision }: Omit<RestoreGoal, "exact">,
): Promise<Result<Entry, PlanProblem>> {
  const versions = await metadata.history(space, path);
  if (versions.length === 0) return err({ reason: "unknown_path" });
  const entry = versionAt(versions, revision)?.entry;
  return entry === undefined ? err({ reason: "not_there", revision }) : ok(entry);
}

/** Compares everything below a directory, and the directory: only what changed since can differ. */
async function compareTrees(
  metadata: MetadataStore,
  { space, path, revision }: RestoreGoal,
  { now, then }: Comparison,
): Promise<void> {
  for (const change of await metadata.changesSince(space, revision)) {
    if (isWithin(change.path, path)) now.set(change.path, change.entry);
  }
  if (now.size === 0) return;
  for await (const { children } of metadata.entriesAt(space, revision)) {
    for (const child of children) if (now.has(child.path)) then.set(child.path, child.entry);
  }
}

/** Compares one file or link, with what may lie below it now. */
async function compareOne(
  metadata: MetadataStore,
  { space, path, entry }: { readonly space: string; readonly path: SafePath; readonly entry: Entry },
  { now, then }: Comparison,
): Promise<void> {
  const present = (await metadata.get(space, path))?.entry;
  now.set(path, present);
  then.set(path, entry);
  const pending = present?.kind === "directory" ? [path] : [];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const child of await metadata.list(space, folder)) {
      now.set(child.path, child.entry);
      if (child.entry.kind === "directory") pending.push(child.path);
    }
  }
}

function planChanges({ now, then }: Comparison, exact: boolean): RestorePlan & { readonly inTheWay: SafePath[] } {
  const puts = new Map<SafePath, Entry>();
  const deletes = new Set<SafePath>();
  const kept: SafePath[] = [];
  const changes: PathChange[] = [];
  for (const [path, before] of now) {
    const after = then.get(path);
    if (sameEntry(before, after)) continue;
    if (after !== undefined) {
      // A space may hold such names from before they were kept out.
      if (isReservedPath(path)) continue;
      puts.set(path, after);
      const change = before === undefined ? "added" : sameContent(before, after) ? "touched" : "modified";
      changes.push({ path, change, entry: after });
    } else if (before !== undefined && exact) {
      deletes.add(path);
      changes.push({ path, change: "deleted", entry: before });
    } else if (before !== undefined) kept.push(path);
  }
  const replaced = (path: SafePath): boolean => (puts.get(path)?.kind ?? "directory") !== "directory";
  const inTheWay = kept.filter((path) => ancestors(path).some(replaced));
  changes.sort((a, b) => a.path < b.path ? -1 : 1);
  return { puts, deletes, changes, inTheWay };
}
