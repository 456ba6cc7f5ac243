import { ancestors, type SafePath } from "../../core/mod.ts";
import { encodeRecords, type MetadataRecord, RecordDecoder } from "../../metadata/binary/mod.ts";
import { type Entry, sameContent, sameEntry } from "../../metadata/mod.ts";
import { getNode, isSame, type LocalNode, type Tree, type TreeDiff, withChanges } from "../../sync/mod.ts";

/** One of the two sides that a run changes. */
export type Side = "server" | "folder";

/** Entries by path; `undefined` for nothing. */
export type Intent = ReadonlyMap<SafePath, Entry | undefined>;

/**
 * What a run set out to change on either side, kept until it is remembered as done. A run that ends in between, by a crash
 * or because the answer to its commit never came, leaves changes that the base does not know; by this the next run tells
 * them from changes that somebody else made.
 */
export interface Intents {
  /** What was to live at each path of the server's space. */
  readonly server?: Intent | undefined;
  /** What was to live at each path of the folder. */
  readonly folder?: Intent | undefined;
  /** What the folder held where both sides were to change: a merged file, the copy of what lost a conflict. */
  readonly held?: Intent | undefined;
  /** What both sides agreed on when the last run began, where runs before it had left something undone. */
  readonly settled?: Intent | undefined;
}

/** The parts of {@linkcode Intents}. */
export const intentParts: readonly (keyof Intents)[] = ["server", "folder", "held", "settled"];

/**
 * What a run sets out to change, beside what earlier ones did and is not remembered as done.
 *
 * @param diffs What either side is to change.
 * @param trees The folder before that, and what both sides agree on by what they set out to do before.
 */
export function intend(
  before: Intents,
  diffs: Readonly<Record<Side, TreeDiff>>,
  { folder, settled }: { readonly folder: Tree; readonly settled: Tree },
): Intents {
  const changes = { server: joined(before.server, diffs.server), folder: joined(before.folder, diffs.folder) };
  const held = new Map(before.held);
  for (const path of pathsOf(diffs.server)) {
    if (diffs.folder.puts.has(path) || diffs.folder.deletes.has(path)) held.set(path, getNode(folder, path)?.entry);
    else held.delete(path);
  }
  // What came about of an earlier intent shows no more once another one takes its place.
  const known = new Map<SafePath, Entry | undefined>();
  for (const part of intentParts) {
    for (const path of before[part]?.keys() ?? []) known.set(path, getNode(settled, path)?.entry);
  }
  return {
    ...changes,
    ...held.size === 0 && before.held === undefined ? {} : { held },
    ...known.size === 0 ? {} : { settled: known },
  };
}

function joined(before: Intent | undefined, diff: TreeDiff): Intent | undefined {
  if (isSame(diff)) return before;
  const changes = new Map(before);
  for (const path of diff.deletes) changes.set(path, undefined);
  for (const [path, { entry }] of diff.puts) changes.set(path, entry);
  return changes;
}

function* pathsOf({ puts, deletes }: TreeDiff): Generator<SafePath> {
  yield* puts.keys();
  yield* deletes;
}

/**
 * What both sides agreed on, with those intended changes added that did come about. Where both sides were to change and
 * only the server did, that is what the folder held, which went into the change.
 *
 * @param sides The folder and the server's space as they are.
 */
export function settleIntents(
  agreed: Tree<LocalNode>,
  { server, folder, held, settled }: Intents,
  sides: Readonly<Record<Side, Tree>>,
): Tree<LocalNode> {
  const done = new Map<SafePath, LocalNode | undefined>();
  for (const [path, entry] of settled ?? []) done.set(path, entry && { entry });
  for (const [path, entry] of server ?? []) {
    // The server keeps what it is given as it is; the same content with other attributes is another's work.
    if (!sameEntry(getNode(sides.server, path)?.entry, entry)) continue;
    const before = held?.has(path) && !sameEntry(getNode(sides.folder, path)?.entry, entry) ? held.get(path) : entry;
    done.set(path, before && { entry: before });
  }
  for (const [path, entry] of folder ?? []) {
    const now = getNode(sides.folder, path)?.entry;
    const exact = held?.has(path) || entry === undefined || now === undefined;
    // Not every file system keeps the attributes that it is given.
    if (exact ? sameEntry(now, entry) : sameContent(now, entry)) done.set(path, now && { entry: now });
  }
  return done.size === 0 ? agreed : withChanges(agreed, done);
}

/**
 * Those intents whose outcome a run could not see, which are to be kept.
 *
 * @param isLeft Whether the run left a path aside; then it did so with all below it.
 */
export function intentsAt(intents: Intents, isLeft: (path: SafePath) => boolean): Intents {
  const kept: { -readonly [part in keyof Intents]: Intents[part] } = {};
  for (const part of intentParts) {
    const left = [...intents[part] ?? []].filter(([path]) => isLeft(path) || ancestors(path).some(isLeft));
    if (left.length > 0) kept[part] = new Map(left);
  }
  return kept;
}

/** The binary form of what was intended on one side: a metadata stream. */
export function encodeIntent(intent: Intent): Uint8Array<ArrayBuffer> {
  const pieces = [...encodeRecords(recordsOf(intent))];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function* recordsOf(intent: Intent): Generator<MetadataRecord> {
  for (const [path, entry] of intent) {
    yield entry === undefined
      ? { type: "deletion", path, version: 0, revision: 0 }
      : { type: "entry", path, entry, version: 0, revision: 0 };
  }
}

/** Reads the binary form; nothing if it is broken, which is as if the run had not been. */
export function decodeIntent(bytes: Uint8Array): Intent | undefined {
  const decoder = new RecordDecoder();
  const records = decoder.push(bytes);
  if (!records.ok || !decoder.end().ok) return undefined;
  const intent = new Map<SafePath, Entry | undefined>();
  for (const record of records.value) {
    if (record.type === "entry") intent.set(record.path, record.entry);
    else if (record.type === "deletion") intent.set(record.path, undefined);
  }
  return intent;
}
