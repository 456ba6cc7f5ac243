import { err, ok, type Result, type SafePath } from "../../core/mod.ts";
import type { FileMetadata, Replica, SyncStatus } from "../file_metadata.ts";
import { sameTime } from "../file_time.ts";
import { compareNames } from "../tree_hash.ts";
import type {
  ExpectedVersion,
  PathMetadata,
  Step,
  StepReceipt,
  StepRefusal,
  Transaction,
} from "./metadata_repository.ts";
import { type Announcement, known, type PathState, standing, untold } from "./path_state.ts";

/** The highest version that somebody may announce; a store can count on from it for a very long time. */
export const versionMax: number = 2 ** 48;

/** What a transaction comes to. */
export interface TransactionPlan {
  /** One a step. */
  readonly receipts: StepReceipt[];
  /** New announcements in their order; a path may come several times. */
  readonly announcements: readonly Announcement[];
  /** By path everything a repository then holds of the replicas of it. */
  readonly replicas: ReadonlyMap<SafePath, readonly Replica[]>;
}

/** What a step makes of the state of its path. */
type Outcome = Result<PathState, StepRefusal["reason"]>;

/** The path that a step is about. */
export function pathOf(step: Step): SafePath {
  return step.type === "add" || step.type === "update" ? step.metadata.path : step.path;
}

/**
 * Works out what a transaction does; pure, and shared by all repositories.
 *
 * @param states What is held of each path of the steps of which anything is; it is brought up to date.
 */
export function planTransaction(
  states: Map<SafePath, PathState>,
  { steps, atMs }: Transaction,
): Result<TransactionPlan, StepRefusal> {
  const receipts: StepReceipt[] = [];
  const announcements: Announcement[] = [];
  const replicas = new Map<SafePath, readonly Replica[]>();
  for (const [index, step] of steps.entries()) {
    const path = pathOf(step);
    const before = states.get(path) ?? untold;
    const outcome = take(step, { before, atMs, known: known(path, before) });
    if (!outcome.ok) return err({ reason: outcome.error, step: index, path, known: known(path, before) });
    const after = outcome.value;
    states.set(path, after);
    if (after.announced !== undefined && after.announced !== before.announced) announcements.push(after.announced);
    if (after.replicas !== before.replicas) replicas.set(path, after.replicas);
    receipts.push({ known: known(path, after), changed: after !== before });
  }
  return ok({ receipts, announcements, replicas });
}

interface Situation {
  readonly before: PathState;
  readonly known: PathMetadata | undefined;
  readonly atMs: number;
}

function take(step: Step, situation: Situation): Outcome {
  const { before, known } = situation;
  switch (step.type) {
    case "add":
      if (known === undefined) return announce(step.metadata, situation);
      return saysTheSame(step.metadata, known.metadata) ? ok(before) : err("exists");
    case "update":
      if (known === undefined) return err("missing");
      if (!isExpected(known.metadata, step.expected)) return err("version");
      return announce(step.metadata, situation);
    case "delete":
      if (known === undefined) return err("missing");
      if (!isExpected(known.metadata, step.expected)) return err("version");
      return withdraw(situation);
    case "replica":
      if (known === undefined) return err("missing");
      return ok(withReplicas(before, [step.replica]));
  }
}

function announce(metadata: FileMetadata, { before, atMs }: Situation): Outcome {
  const committedVersion = before.committed?.version ?? 0;
  const version = Math.max(metadata.version, nextVersion(before));
  if (version > versionMax) return err("out_of_range");
  const over = before.committed?.entry !== undefined;
  const status = statusAnnounced(metadata.syncState.status, over);
  const announced = { metadata: { ...metadata, version, syncState: { status, replicas: [] } }, committedVersion, atMs };
  return ok(withReplicas({ ...before, announced }, metadata.syncState.replicas));
}

function withdraw({ before, atMs }: Situation): Outcome {
  const stands = standing(before);
  if (stands === undefined) return err("committed");
  const { metadata, committedVersion } = stands;
  const version = metadata.version + 1;
  const syncState = { status: "deleted", replicas: [] } as const;
  const announced = { metadata: { ...metadata, version, syncState }, committedVersion, atMs };
  return ok({ ...before, announced, replicas: before.replicas.filter(({ version }) => version <= committedVersion) });
}

/** Every version of a path is higher than all before it. */
function nextVersion({ committed, announced }: PathState): number {
  return Math.max(committed?.version ?? 0, announced?.metadata.version ?? 0) + 1;
}

/** Only what the server holds is synced: what is announced is on its way, or a change of what is held. */
function statusAnnounced(status: SyncStatus, over: boolean): SyncStatus {
  return status === "modified" || status === "conflict" ? status : over ? "modified" : "pending";
}

function isExpected({ version, syncState }: FileMetadata, expected: ExpectedVersion | undefined): boolean {
  if (expected === undefined) return true;
  return version === expected.version && (expected.status === undefined || syncState.status === expected.status);
}

/**
 * Says whether metadata that is added says nothing that is not known: the same thing under the same name. Files that
 * nobody hashed are taken for the same if they are of one size and time.
 */
function saysTheSame(added: FileMetadata, known: FileMetadata): boolean {
  if (added.kind !== known.kind || added.target !== known.target) return false;
  if (added.kind !== "file") return true;
  const unhashed = added.hash === undefined;
  return added.size === known.size && added.hash === known.hash && (!unhashed || sameTime(added, known));
}

function withReplicas(state: PathState, said: readonly Replica[]): PathState {
  if (said.length === 0) return state;
  const versions = new Map(state.replicas.map(({ node, version }) => [node, version]));
  for (const { node, version } of said) versions.set(node, version);
  const replicas = [...versions].map(([node, version]) => ({ node, version }));
  return { ...state, replicas: replicas.sort((a, b) => compareNames(a.node, b.node)) };
}
