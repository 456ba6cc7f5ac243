import type { Hash, SafePath } from "../../core/mod.ts";
import { type EntryKind, entryKinds, type FileMetadata, type SyncState } from "../file_metadata.ts";
import type { FileTime } from "../file_time.ts";
import type { Entry, MappingNode } from "./ast.ts";
import { readCount, readHash, readMode, readPath, readText, readTime, readWord } from "./field_readers.ts";
import { addMissing, addUnknown } from "./key_problems.ts";
import { defaultModes, entryKeys } from "./metadata_keys.ts";
import type { ProblemList } from "./problem.ts";
import { defaultSyncState, readSyncState } from "./read_sync_state.ts";

/** The values of an entry as far as they were given. */
interface Fields {
  path: SafePath | undefined;
  kind: EntryKind;
  version: number | undefined;
  size: number | undefined;
  hash: Hash | undefined;
  target: string | undefined;
  time: FileTime | undefined;
  mode: number | undefined;
  owner: string | undefined;
  syncState: SyncState;
}

const requiredKeys: { readonly [kind in EntryKind]: readonly string[] } = {
  file: ["name", "version", "size", "last_modified"],
  directory: ["name", "version", "last_modified"],
  symlink: ["name", "version", "target", "last_modified"],
};

/** The keys that may be null, as if they were not there. */
const optionalKeys: ReadonlySet<string> = new Set(["kind", "hash", "mode", "owner", "sync_state"]);

/**
 * Reads one entry from its block of keys.
 *
 * @param mapping The block.
 * @param problems Where mistakes go.
 * @returns The entry, or `undefined` if something that it needs is missing or wrong.
 */
export function readEntry(mapping: MappingNode, problems: ProblemList): FileMetadata | undefined {
  const fields: Fields = {
    path: undefined,
    kind: "file",
    version: undefined,
    size: undefined,
    hash: undefined,
    target: undefined,
    time: undefined,
    mode: undefined,
    owner: undefined,
    syncState: defaultSyncState,
  };
  for (const entry of mapping.entries) readField(entry, fields, problems);
  checkKind(mapping, fields, problems);
  const { path, kind, version, time, hash, target, owner, syncState } = fields;
  if (path === undefined || version === undefined || time === undefined) return undefined;
  const metadata: { -readonly [key in keyof FileMetadata]: FileMetadata[key] } = {
    path,
    kind,
    size: fields.size ?? 0,
    mtimeMs: time.mtimeMs,
    mode: fields.mode ?? defaultModes[kind],
    version,
    syncState,
  };
  if (time.mtimeRestNs !== undefined) metadata.mtimeRestNs = time.mtimeRestNs;
  if (hash !== undefined) metadata.hash = hash;
  if (target !== undefined) metadata.target = target;
  if (owner !== undefined) metadata.owner = owner;
  return metadata;
}

function readField(entry: Entry, fields: Fields, problems: ProblemList): void {
  if (entry.value.kind === "null" && optionalKeys.has(entry.key)) return;
  switch (entry.key) {
    case "name":
      fields.path = readPath(entry, problems);
      return;
    case "version":
      fields.version = readCount(entry, problems);
      return;
    case "size":
      fields.size = readCount(entry, problems);
      return;
    case "hash":
      fields.hash = readHash(entry, problems);
      return;
    case "last_modified":
      fields.time = readTime(entry, problems);
      return;
    case "owner":
      fields.owner = readText(entry, problems);
      return;
    case "sync_state":
      fields.syncState = readSyncState(entry, problems);
      return;
    case "kind":
      fields.kind = readWord(entry, entryKinds, problems) ?? fields.kind;
      return;
    case "mode":
      fields.mode = readMode(entry, problems);
      return;
    case "target":
      fields.target = readText(entry, problems);
      return;
    default:
      addUnknown(entry, entryKeys, problems);
  }
}

/** Checks that an entry has the keys of its kind, and none of another kind. */
function checkKind(mapping: MappingNode, fields: Fields, problems: ProblemList): void {
  const { kind, hash, target, size } = fields;
  const complete = fields.path !== undefined && fields.version !== undefined && fields.time !== undefined &&
    (kind !== "file" || size !== undefined) && (kind !== "symlink" || target !== undefined);
  if (!complete) addMissing(mapping, requiredKeys[kind], problems);
  if (kind !== "file" && hash !== undefined) addOutOfPlace(mapping, "hash", kind, problems);
  if (kind !== "symlink" && target !== undefined) addOutOfPlace(mapping, "target", kind, problems);
  if (target?.includes("\0")) addOutOfPlace(mapping, "target", "symlink whose target holds a NUL character", problems);
}

function addOutOfPlace(mapping: MappingNode, key: string, kind: string, problems: ProblemList): void {
  const entry = mapping.entries.find((candidate) => candidate.key === key) ?? mapping;
  const hint = key === "target" ? 'Only an entry with kind: "symlink" has a target' : "Only files have a hash";
  const message = `The key "${key}" cannot stand in a ${kind}`;
  problems.add({ code: "value", message, start: entry.start, end: entry.end, hint });
}
