import { type ByteReader, ByteReaderError, hashBytes, nameProblem, parseSafePath } from "../../core/mod.ts";
import type { Hash, SafePath } from "../../core/mod.ts";
import { type EntryKind, entryKinds, type FileMetadata, type Replica, type SyncState } from "../file_metadata.ts";
import { syncStatuses } from "../file_metadata.ts";
import { nsPerMs } from "../file_time.ts";
import { blockEntriesMax, blockFlags, replicasMax } from "./metadata_block.ts";

/** Names one behind the other of which each is safe if it is not empty, not too long, and begins with no dot. */
const plainNames = /^[ -.0-[\]-~]*$/;
const nameUnitsPlainMax = 255;
/** A path of so many UTF-16 units has at most 4096 bytes of UTF-8. */
const pathUnitsSure = 1365;
const modeMax = 0o7777;
const dot = 0x2e;
/** The least bytes a row takes: flags, folder, length, mode, size, time, version, count of replicas. */
const rowBytesMin = 8;

/** What most entries share: a state without replicas, by its code. */
const bareStates: readonly SyncState[] = syncStatuses.map((status) => ({ status, replicas: [] }));

/** Reads a block of entries (`metadata_block.ts`); every path comes out safe, every value within the rules of its type. */
export function decodeMetadataBlock(payload: ByteReader): FileMetadata[] {
  const count = payload.varint();
  if (count < 1 || count > blockEntriesMax) fail(`${count} entries in a block`);
  const block = new BlockReader(payload);
  if (count * rowBytesMin > payload.remaining) fail(`${count} entries announced where the block ends`);
  const entries = new Array<MadeMetadata>(count);
  for (let index = 0; index < count; index++) entries[index] = block.row();
  block.end();
  if (payload.remaining > 0) readRests(payload, entries);
  return entries;
}

/** Metadata whose time is not whole yet. */
type MadeMetadata = FileMetadata & { mtimeRestNs?: number | undefined };

function readRests(payload: ByteReader, entries: readonly MadeMetadata[]): void {
  for (const entry of entries) {
    const rest = payload.varint();
    if (rest >= nsPerMs) fail(`${rest} nanoseconds beside the milliseconds of ${JSON.stringify(entry.path)}`);
    if (rest !== 0) entry.mtimeRestNs = rest;
  }
}

/** The columns of a block, cut row by row. */
class BlockReader {
  readonly #payload: ByteReader;
  readonly #strings: readonly string[];
  /** By the index of a string: the folder of that path, once it was found to be safe. */
  readonly #folders: (string | undefined)[];
  readonly #names: string;
  readonly #plain: boolean;
  readonly #hashes: string;
  #nameAt = 0;
  #hashAt = 0;

  constructor(payload: ByteReader) {
    this.#payload = payload;
    this.#strings = readStrings(payload);
    this.#folders = new Array(this.#strings.length);
    this.#names = payload.string();
    this.#plain = plainNames.test(this.#names);
    this.#hashes = payload.hex(payload.count(hashBytes) * hashBytes);
  }

  row(): FileMetadata {
    const payload = this.#payload;
    const flags = payload.byte();
    const kind = entryKinds[flags & blockFlags.kind];
    if (kind === undefined) fail("an entry of unknown kind");
    const path = this.#path(payload.varint(), payload.varint());
    const mode = payload.varint();
    if (mode > modeMax) fail(`permissions out of range of ${JSON.stringify(path)}`);
    const size = payload.varint();
    const time = payload.varint();
    const mtimeMs = (flags & blockFlags.before1970) === 0 ? time : this.#before1970(time);
    const version = payload.varint();
    const hash = (flags & blockFlags.hash) === 0 ? undefined : this.#hash(kind);
    const owner = (flags & blockFlags.owner) === 0 ? undefined : this.#text(payload.varint());
    const syncState = this.#syncState(flags >> blockFlags.statusShift & blockFlags.status);
    if (kind === "symlink") {
      const target = this.#target(payload.varint());
      return owner === undefined
        ? { path, kind, size, target, mtimeMs, mode, version, syncState }
        : { path, kind, size, target, mtimeMs, mode, version, owner, syncState };
    }
    if (hash === undefined) {
      return owner === undefined
        ? { path, kind, size, mtimeMs, mode, version, syncState }
        : { path, kind, size, mtimeMs, mode, version, owner, syncState };
    }
    return owner === undefined
      ? { path, kind, size, hash, mtimeMs, mode, version, syncState }
      : { path, kind, size, hash, mtimeMs, mode, version, owner, syncState };
  }

  /** Makes sure that names and hashes were used up: else rows and columns are not of one another. */
  end(): void {
    if (this.#nameAt !== this.#names.length) fail("names without an entry");
    if (this.#hashAt !== this.#hashes.length) fail("hashes without an entry");
  }

  #path(folderIndex: number, units: number): SafePath {
    const folder = this.#folders[folderIndex] ?? this.#folder(folderIndex);
    const end = this.#nameAt + units;
    if (end > this.#names.length) fail("names that end early");
    const name = this.#names.slice(this.#nameAt, end);
    const sure = this.#plain && units > 0 && units <= nameUnitsPlainMax && this.#names.charCodeAt(this.#nameAt) !== dot;
    this.#nameAt = end;
    if (!sure) {
      const problem = nameProblem(name);
      if (problem !== undefined) fail(`an unsafe name: ${problem} in ${JSON.stringify(folder)}`);
    }
    const path = folder === "" ? name : `${folder}/${name}`;
    if (path.length > pathUnitsSure) safe(path);
    return path as SafePath;
  }

  #folder(index: number): string {
    const folder = this.#strings[index];
    if (folder === undefined) fail("a text that is not in the block");
    if (folder.startsWith("/")) fail(`an unsafe folder: ${JSON.stringify(folder)}`);
    if (folder !== "") safe(folder);
    this.#folders[index] = folder;
    return folder;
  }

  #before1970(time: number): number {
    if (time === 0) fail("a time of minus zero");
    return -time;
  }

  #hash(kind: EntryKind): Hash {
    if (kind !== "file") fail(`a ${kind} with a hash`);
    const hash = this.#hashes.slice(this.#hashAt, this.#hashAt + 2 * hashBytes);
    if (hash.length === 0) fail("hashes that end early");
    this.#hashAt += 2 * hashBytes;
    return hash as Hash;
  }

  #text(index: number): string {
    const text = this.#strings[index];
    if (text === undefined) fail("a text that is not in the block");
    if (text === "") fail("an empty text");
    return text;
  }

  #target(index: number): string {
    const target = this.#text(index);
    if (target.includes("\0")) fail("a link whose target holds a NUL character");
    return target;
  }

  #syncState(code: number): SyncState {
    const bare = bareStates[code];
    if (bare === undefined) fail("an entry of unknown state");
    const payload = this.#payload;
    const count = payload.count(2);
    if (count === 0) return bare;
    if (count > replicasMax) fail(`${count} replicas`);
    const replicas = new Array<Replica>(count);
    for (let index = 0; index < count; index++) {
      replicas[index] = { node: this.#text(payload.varint()), version: payload.varint() };
    }
    if (count > 1 && new Set(replicas.map(({ node }) => node)).size < count) fail("a node that comes twice");
    return { status: bare.status, replicas };
  }
}

function readStrings(payload: ByteReader): string[] {
  const count = payload.count(1);
  const ends = new Array<number>(count);
  let end = 0;
  for (let index = 0; index < count; index++) ends[index] = end += payload.varint();
  const all = payload.string();
  if (end !== all.length) fail("texts that are not as long as they say");
  const strings = ends.map((end, index) => all.slice(ends[index - 1] ?? 0, end));
  // UTF-8 makes the whole well-formed, but a cut may have gone through a pair of surrogates.
  if (!strings.every((text) => text.isWellFormed())) fail("a text that is not Unicode");
  return strings;
}

function safe(path: string): void {
  const parsed = parseSafePath(path);
  if (!parsed.ok) fail(`an unsafe path: ${parsed.error}`);
}

function fail(what: string): never {
  throw new ByteReaderError(`It holds ${what}`);
}
