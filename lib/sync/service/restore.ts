import { type Clock, err, type Hash, ok, type Result, rootPath, type SafePath } from "../../core/mod.ts";
import type { Commit, MetadataStore, SpaceHead } from "../../metadata/mod.ts";
import type { PathChange } from "../diff.ts";
import { type PlanProblem, planRestore } from "./plan_restore.ts";
import { type Moment, type MomentProblem, revisionAt } from "./revision_at.ts";
import type { CommitError, CommitReply } from "./sync_service.ts";

/** What a client wants to have back. */
export interface RestoreRequest {
  /** A file, a link, or a directory with everything in it; the root for the whole space. */
  readonly path: SafePath;
  /** As it was at a moment; of a file or a link also a version of its own. */
  readonly to: Moment | { readonly version: number };
  /** Whether what was added since goes, so that the directory or the space becomes what it was. */
  readonly exact: boolean;
  /** Work out what would change, and change nothing. */
  readonly dryRun: boolean;
  /** Chosen by the client, unique; makes a repeated request harmless. */
  readonly id: string;
  /** Who commits. */
  readonly client: string;
}

/** What a restore made. */
export interface RestoreReply {
  /** The revision that it made; the head as it was if nothing differed, or nothing was to be done. */
  readonly revision: number;
  /** The Merkle hash of the whole tree at that revision. */
  readonly root: Hash;
  /** The revision whose state was brought back. */
  readonly source: number;
  /** Whether this very request was done by an earlier call, which told the changes. */
  readonly repeated: boolean;
  /** What changed by it, or would, sorted by path; nothing if it is repeated. */
  readonly changes: readonly PathChange[];
}

/**
 * Why nothing was restored.
 *
 * - `no_space`: there is no such space.
 * - `no_version`: the path has no such version, or that version is a deletion; `newest` is its last.
 * - `folder_version`: the path is a directory, whose own versions say nothing of what lies in it.
 * - `busy`: others committed to the same paths in between, over and over.
 * - `refused`: the store did not take the commit, for another reason.
 * - The others: see {@linkcode MomentProblem} and {@linkcode PlanProblem}.
 */
export type RestoreProblem =
  | { readonly reason: "no_space" | "folder_version" | "busy" }
  | { readonly reason: "no_version"; readonly version: number; readonly newest: number; readonly deletion: boolean }
  | { readonly reason: "refused"; readonly error: CommitError }
  | MomentProblem
  | PlanProblem;

/** What a restore works with. */
export interface RestoreTools {
  readonly metadata: MetadataStore;
  readonly clock: Clock;
  /** Applies a commit, after a look whether all its chunks are stored. */
  readonly commit: (commit: Commit) => Promise<Result<CommitReply, CommitError>>;
}

/** How often a restore begins anew because somebody committed to its paths meanwhile. */
export const restoreAttemptsMax = 8;

/**
 * Brings back what lived at a path, as one new revision; history stays as it is. It is worked out against the head and
 * applied only if none of its paths changed meanwhile, else worked out again. What others commit to other paths in
 * between stays.
 */
export async function restore(
  space: string,
  request: RestoreRequest,
  tools: RestoreTools,
): Promise<Result<RestoreReply, RestoreProblem>> {
  const { metadata, clock, commit } = tools;
  const { path, exact, dryRun, id, client } = request;
  let head = await metadata.head(space);
  if (head === undefined) return err({ reason: "no_space" });
  const source = await sourceOf(metadata, head, request);
  if (!source.ok) return source;
  for (let attempt = 1; attempt <= restoreAttemptsMax; attempt++) {
    head = await metadata.head(space);
    if (head === undefined) return err({ reason: "no_space" });
    const plan = await planRestore(metadata, { space, path, revision: source.value, exact });
    if (!plan.ok) return plan;
    const { puts, deletes, changes } = plan.value;
    const { revision: baseRevision, root: baseRoot } = head;
    if (dryRun) return ok({ revision: baseRevision, root: baseRoot, source: source.value, repeated: false, changes });
    const committedAtMs = clock.now();
    const applied = await commit({ id, client, committedAtMs, baseRevision, puts, deletes, manifests: new Map() });
    if (applied.ok) {
      const { revision, root, repeated } = applied.value;
      return ok({ revision, root, source: source.value, repeated, changes: repeated ? [] : changes });
    }
    if (applied.error.reason !== "changed_meanwhile") return err({ reason: "refused", error: applied.error });
  }
  return err({ reason: "busy" });
}

/** The revision whose state a request asks for. */
async function sourceOf(
  metadata: MetadataStore,
  head: SpaceHead,
  { path, to }: RestoreRequest,
): Promise<Result<number, RestoreProblem>> {
  if (!("version" in to)) return await revisionAt(metadata, head, to);
  const versions = path === rootPath ? [] : await metadata.history(head.space, path);
  if (versions.length === 0) return err({ reason: path === rootPath ? "folder_version" : "unknown_path" });
  const wanted = versions.find(({ version }) => version === to.version);
  if (wanted?.entry === undefined) {
    const newest = versions[0]!.version;
    return err({ reason: "no_version", version: to.version, newest, deletion: wanted !== undefined });
  }
  return wanted.entry.kind === "directory" ? err({ reason: "folder_version" }) : ok(wanted.revision);
}
