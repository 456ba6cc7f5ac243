import type { SafePath } from "../core/mod.ts";
import { encodeRecords, type MetadataRecord, RecordDecoder } from "../metadata/binary/mod.ts";
import { type Entry, sameContent } from "../metadata/mod.ts";
import { getNode, type LocalNode, type Tree, type TreeDiff, withChanges } from "../sync/mod.ts";

/**
 * What a run set out to change, kept until it is remembered as done. A run that ends in between, by a crash or because
 * the answer to its commit never came, leaves changes that the base does not know; by this the next run tells them from
 * changes that somebody else made.
 */
export interface Intent {
  /** What was to be changed: the server by a push, the folder by a pull. */
  readonly side: "server" | "folder";
  /** What was to live at each path; `undefined` for nothing. */
  readonly changes: ReadonlyMap<SafePath, Entry | undefined>;
}

/** What a run sets out to change, beside what earlier ones of the kind did and is not remembered as done. */
export function intend(side: Intent["side"], diff: TreeDiff, before: Intent | undefined): Intent {
  const changes = new Map(before?.side === side ? before.changes : []);
  for (const path of diff.deletes) changes.set(path, undefined);
  for (const [path, { entry }] of diff.puts) changes.set(path, entry);
  return { side, changes };
}

/**
 * The base, with those intended changes added that did come about.
 *
 * @param sides The folder and the server's space as they are.
 */
export function settleIntent(
  known: Tree<LocalNode>,
  intent: Intent | undefined,
  sides: Readonly<Record<Intent["side"], Tree>>,
): Tree<LocalNode> {
  if (intent === undefined) return known;
  const done: [SafePath, LocalNode | undefined][] = [];
  for (const [path, entry] of intent.changes) {
    const now = getNode(sides[intent.side], path)?.entry;
    const came = entry === undefined || now === undefined ? entry === now : sameContent(entry, now);
    if (came) done.push([path, now && { entry: now }]);
  }
  return withChanges(known, done);
}

/** The binary form of the changes: a metadata stream. */
export function encodeIntent({ changes }: Intent): Uint8Array<ArrayBuffer>[] {
  return [...encodeRecords(recordsOf(changes))];
}

function* recordsOf(changes: Intent["changes"]): Generator<MetadataRecord> {
  for (const [path, entry] of changes) {
    yield entry === undefined
      ? { type: "deletion", path, version: 0, revision: 0 }
      : { type: "entry", path, entry, version: 0, revision: 0 };
  }
}

/** Reads the binary form; nothing if it is broken, which is as if the run had not been. */
export function decodeIntent(side: Intent["side"], bytes: Uint8Array): Intent | undefined {
  const decoder = new RecordDecoder();
  const records = decoder.push(bytes);
  if (!records.ok || !decoder.end().ok) return undefined;
  const changes = new Map<SafePath, Entry | undefined>();
  for (const record of records.value) {
    if (record.type === "entry") changes.set(record.path, record.entry);
    else if (record.type === "deletion") changes.set(record.path, undefined);
  }
  return { side, changes };
}
