import { err, hashToBytes, joinPath, ok, type Result, type SafePath } from "../../core/mod.ts";
import { changedPaths, noChangedPaths } from "./changed_paths.ts";
import { changedMeanwhile, type ChangedPath } from "./changed_meanwhile.ts";
import type { Commit, CommitReceipt, CommitRefusal } from "./metadata_store.ts";
import { type CommitPlan, planCommit } from "./plan_commit.ts";
import type { VersionChange } from "./plan_directory.ts";
import type { Row } from "./row.ts";
import { byRows, sqliteBatches, sqliteValues } from "./sqlite_batches.ts";
import type { SqliteDatabase } from "./sqlite_database.ts";
import { decodeRow, encodeRow, rowColumns } from "./sqlite_row.ts";
import { type SqliteSpace, updateSpace } from "./sqlite_space.ts";
import { asHash, asInteger, asText } from "./sqlite_value.ts";

/** What {@linkcode sqliteCommit} commits, and to what. */
export interface SqliteCommit {
  /** The space, as it stands in this transaction. */
  readonly space: SqliteSpace;
  /** What is wanted of it. */
  readonly commit: Commit;
}

/**
 * Applies a commit.
 *
 * @param database The connection, in a writing transaction.
 */
export function sqliteCommit(
  database: SqliteDatabase,
  { space, commit }: SqliteCommit,
): Result<CommitReceipt, CommitRefusal> {
  const { id, head } = space;
  const earlier = receiptOf(database, id, commit.id);
  if (earlier) return ok(earlier);
  const changed = changedAfter(database, id, commit.baseRevision);
  const refusal = changedMeanwhile(commit, { head: head.revision, changed });
  if (refusal) return err(refusal);
  const planned = plan(database, { space, commit });
  if (!planned.ok) return planned;
  const { revision, root } = planned.value.head;
  if (revision !== head.revision) {
    updateSpace(database, { id, head: planned.value.head });
    addRevision(database, { space: id, plan: planned.value, commit });
    writeRows(database, id, planned.value);
    writeManifests(database, commit);
  }
  return ok({ revision, root, repeated: false, ...changedPaths(planned.value.changes) });
}

function receiptOf(database: SqliteDatabase, space: number, commitId: string): CommitReceipt | undefined {
  const found = database.row("SELECT revision, root FROM revision WHERE space = ? AND commit_id = ?", space, commitId);
  return found && { revision: asInteger(found[0]), root: asHash(found[1]), repeated: true, ...noChangedPaths };
}

function* changedAfter(database: SqliteDatabase, space: number, revision: number): Generator<ChangedPath> {
  const sql = "SELECT directory, name, kind = 2 FROM entry WHERE space = ? AND revision > ?";
  for (const [directory, name, isDirectory] of database.rows(sql, space, revision)) {
    yield { path: joinPath(asText(directory) as SafePath, asText(name)), isDirectory: isDirectory === 1 };
  }
}

function plan(database: SqliteDatabase, { space, commit }: SqliteCommit): Result<CommitPlan, CommitRefusal> {
  const planning = planCommit(space.head, commit);
  let step = planning.next();
  while (!step.done) step = planning.next(step.value.map((directory) => rowsOf(database, space.id, directory)));
  return step.value;
}

function rowsOf(database: SqliteDatabase, space: number, directory: SafePath): Row[] {
  return database.rows(`SELECT ${rowColumns} FROM entry WHERE space = ? AND directory = ?`, space, directory)
    .map((columns) => decodeRow(columns));
}

function addRevision(
  database: SqliteDatabase,
  { space, plan, commit }: { readonly space: number; readonly plan: CommitPlan; readonly commit: Commit },
): void {
  database.run(
    `INSERT INTO revision (space, revision, root, client, committed_at, commit_id, puts, deletes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    space,
    plan.head.revision,
    hashToBytes(plan.head.root),
    commit.client,
    commit.committedAtMs,
    commit.id,
    plan.puts,
    plan.deletes,
  );
}

const putRows = byRows((rows) =>
  `INSERT OR REPLACE INTO entry (space, directory, ${rowColumns}) ${sqliteValues(rows, 11)}`
);
const supersedeRows = byRows((rows) =>
  `INSERT INTO history (space, directory, ${rowColumns}, superseded) ${sqliteValues(rows, 12)}`
);

function writeRows(database: SqliteDatabase, space: number, plan: CommitPlan): void {
  const changes = [...placedChanges(plan)];
  const superseded = changes.flatMap(({ directory, change: { before, after } }) =>
    before === undefined ? [] : { directory, before, by: after.revision }
  );
  const past = sqliteBatches(superseded, ({ directory, before, by }) => {
    return [space, directory, ...encodeRow({ ...before, tree: undefined }), by];
  });
  for (const { rows, parameters } of past) database.run(supersedeRows(rows), ...parameters);
  const present = sqliteBatches(changes, ({ directory, change }) => [space, directory, ...encodeRow(change.after)]);
  for (const { rows, parameters } of present) database.run(putRows(rows), ...parameters);
  for (const { directory, name, tree } of plan.trees) {
    database.run(
      "UPDATE entry SET content = ? WHERE space = ? AND directory = ? AND name = ?",
      hashToBytes(tree),
      space,
      directory,
      name,
    );
  }
}

function* placedChanges(plan: CommitPlan): Generator<{ readonly directory: SafePath; readonly change: VersionChange }> {
  for (const { directory, changes } of plan.changes) for (const change of changes) yield { directory, change };
}

function writeManifests(database: SqliteDatabase, { manifests }: Commit): void {
  const sql = "INSERT INTO manifest (content, chunks) VALUES (?, ?) ON CONFLICT (content) DO NOTHING";
  for (const [hash, { bytes }] of manifests) {
    const content = hashToBytes(hash);
    database.run(sql, content, bytes);
    database.run("DELETE FROM unnamed_manifest WHERE content = ?", content);
  }
}
