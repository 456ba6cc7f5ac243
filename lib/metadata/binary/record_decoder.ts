import {
  ByteReader,
  ByteReaderError,
  ByteWriter,
  crc32,
  err,
  type Hash,
  hashBytes,
  joinPath,
  nameProblem,
  ok,
  parseSafePath,
  pathBytesMax,
  type Result,
  rootPath,
  type SafePath,
} from "../../core/mod.ts";
import { nsPerMs } from "../file_time.ts";
import { decodeMetadataBlock } from "./decode_metadata_block.ts";
import { blockBytesMax } from "./metadata_block.ts";
import type { EntryRecord, MetadataRecord } from "./record.ts";
import { entryKind, recordBytesMax, recordType, streamMagic, streamSchema } from "./stream_format.ts";

/** What is wrong with a metadata stream. */
export interface RecordError {
  /**
   * `truncated`: the stream ends early. `malformed`: it breaks the format. `corrupt`: its checksum or count does not
   * match. `newer_schema`: a newer dfs wrote it.
   */
  readonly code: "truncated" | "malformed" | "corrupt" | "newer_schema";
  /** A sentence that says what and where. */
  readonly message: string;
}

/** Bytes of magic and schema. */
const headBytes = 5;
const modeMax = 0o7777;

/**
 * Reads the binary form piece by piece. Every path comes out safe, every number in range; a stream that was cut or
 * altered ends in an error, never in a wrong value that nobody noticed: what was read counts only once
 * {@linkcode end} says so.
 *
 * @example
 * ```ts
 * import { encodeRecords } from "./encode_records.ts";
 * import { RecordDecoder } from "./record_decoder.ts";
 * const decoder = new RecordDecoder();
 * for (const piece of encodeRecords([])) decoder.push(piece);
 * decoder.end();
 * ```
 */
export class RecordDecoder {
  /** Bytes that do not yet make a whole record. */
  readonly #rest = new ByteWriter();
  /** How many bytes that record takes, where it is known: no use looking before they are there. */
  #wanted = 0;
  #failure: Result<never, RecordError> | undefined;
  #state: "head" | "records" | "ended" = "head";
  #directory: SafePath = rootPath;
  #count = 0;
  #check = 0;
  #consumed = 0;

  /**
   * Takes the next piece of the stream.
   *
   * @returns The records that became whole with it.
   */
  push(piece: Uint8Array): Result<MetadataRecord[], RecordError> {
    if (this.#failure !== undefined) return this.#failure;
    if (this.#rest.length > 0) this.#rest.raw(piece);
    const bytes = this.#rest.length > 0 ? this.#rest.view() : piece;
    if (bytes.length < this.#wanted) return ok([]);
    this.#wanted = 0;
    const records: MetadataRecord[] = [];
    const reader = new ByteReader(bytes);
    let whole = 0;
    try {
      while (this.#state !== "ended") {
        if (this.#state === "head") this.#readHead(reader);
        else if (!this.#readRecord(reader, bytes, records)) break;
        whole = reader.offset;
      }
    } catch (cause) {
      if (cause instanceof StreamProblem) return this.#failure = err(cause.error);
      // The bytes end within a record's frame: wait for more of them.
      if (!(cause instanceof ByteReaderError)) throw cause;
    }
    if (this.#state === "ended" && whole < bytes.length) {
      return this.#failure = err({ code: "malformed", message: "Bytes follow the end of the metadata stream" });
    }
    this.#check = crc32(bytes.subarray(0, whole), this.#check);
    this.#consumed += whole;
    const rest = bytes.slice(whole);
    this.#rest.reset();
    this.#rest.raw(rest);
    return ok(records);
  }

  /** Tells that the stream is over, and whether it was whole. */
  end(): Result<{ readonly records: number }, RecordError> {
    if (this.#failure !== undefined) return this.#failure;
    if (this.#state === "ended") return ok({ records: this.#count });
    return err({ code: "truncated", message: `The metadata stream ends early, after byte ${this.#consumed}` });
  }

  #readHead(reader: ByteReader): void {
    if (reader.remaining < headBytes) throw new ByteReaderError("head");
    if (reader.uint32() !== streamMagic) throw problem("malformed", "This is no metadata stream of dfs");
    const schema = reader.byte();
    if (schema > streamSchema) {
      throw problem(
        "newer_schema",
        `The metadata has schema ${schema}, this dfs reads up to ${streamSchema}: update it`,
      );
    }
    if (schema === 0) throw problem("malformed", "The metadata has schema 0");
    this.#state = "records";
  }

  /** Reads one record; false if the bytes end before it does. */
  #readRecord(reader: ByteReader, bytes: Uint8Array, records: MetadataRecord[]): boolean {
    const start = reader.offset;
    const type = reader.varint();
    if (type === recordType.end) {
      const count = reader.varint();
      const check = crc32(bytes.subarray(0, reader.offset), this.#check);
      if (reader.uint32() !== check) throw problem("corrupt", "The checksum of the metadata does not match");
      if (count !== this.#count) throw problem("corrupt", `${this.#count} records came where ${count} were announced`);
      this.#state = "ended";
      return true;
    }
    const length = reader.varint();
    if (length > (type === recordType.metadata ? blockBytesMax : recordBytesMax)) {
      throw problem("malformed", `A record of ${length} bytes`);
    }
    if (length > reader.remaining) {
      this.#wanted = reader.offset - start + length;
      return false;
    }
    this.#count++;
    const payload = new ByteReader(reader.raw(length));
    try {
      const record = this.#readPayload(type, payload);
      if (record !== undefined) records.push(record);
    } catch (cause) {
      if (!(cause instanceof ByteReaderError)) throw cause;
      throw problem("malformed", `Record ${this.#count} of the metadata is broken: ${cause.message}`);
    }
    return true;
  }

  #readPayload(type: number, payload: ByteReader): MetadataRecord | undefined {
    switch (type) {
      case recordType.directory:
        this.#directory = readDirectory(payload);
        return undefined;
      case recordType.entry:
        return readEntry(payload, this.#directory);
      case recordType.deletion:
        return {
          type: "deletion",
          path: readName(payload, this.#directory),
          version: payload.varint(),
          revision: payload.varint(),
        };
      case recordType.manifest:
        return {
          type: "manifest",
          content: readHash(payload),
          against: readHash(payload),
          delta: payload.raw(payload.remaining).slice(),
        };
      case recordType.head:
        return { type: "head", revision: payload.varint(), root: readHash(payload) };
      case recordType.commit:
        return { type: "commit", id: payload.string(), client: payload.string(), baseRevision: payload.varint() };
      case recordType.metadata:
        return { type: "metadata", entries: decodeMetadataBlock(payload) };
      default:
        return undefined;
    }
  }
}

class StreamProblem extends Error {
  constructor(readonly error: RecordError) {
    super(error.message);
  }
}

function problem(code: RecordError["code"], message: string): StreamProblem {
  return new StreamProblem({ code, message });
}

function readDirectory(payload: ByteReader): SafePath {
  const text = payload.string();
  if (text === "") return rootPath;
  const path = text.startsWith("/") ? undefined : parseSafePath(text);
  if (path?.ok) return path.value;
  throw problem("malformed", `The metadata names an unsafe folder: ${path?.error ?? JSON.stringify(text)}`);
}

function readName(payload: ByteReader, directory: SafePath): SafePath {
  const name = payload.string();
  const path = joinPath(directory, name);
  const isLong = path.length * 3 > pathBytesMax && !parseSafePath(path).ok;
  const trouble = nameProblem(name) ?? (isLong ? "Too long a path" : undefined);
  if (trouble === undefined) return path;
  throw problem("malformed", `The metadata holds an unsafe name: ${trouble} in ${JSON.stringify(directory)}`);
}

function readHash(payload: ByteReader): Hash {
  return payload.hex(hashBytes) as Hash;
}

function readEntry(payload: ByteReader, directory: SafePath): EntryRecord | undefined {
  const kind = payload.byte();
  const path = readName(payload, directory);
  const mode = payload.varint();
  if (mode > modeMax) throw problem("malformed", `The permissions of ${JSON.stringify(path)} are out of range`);
  switch (kind) {
    case entryKind.file:
      return readFile(payload, path, mode);
    case entryKind.directory: {
      const entry = { kind: "directory", mode } as const;
      const version = payload.varint();
      const revision = payload.varint();
      return payload.remaining >= hashBytes
        ? { type: "entry", path, entry, version, revision, tree: readHash(payload) }
        : { type: "entry", path, entry, version, revision };
    }
    case entryKind.symlink: {
      const entry = { kind: "symlink", target: readTarget(payload) } as const;
      return { type: "entry", path, entry, version: payload.varint(), revision: payload.varint() };
    }
    default:
      return undefined;
  }
}

function readFile(payload: ByteReader, path: SafePath, mode: number): EntryRecord {
  const size = payload.varint();
  const mtimeMs = payload.signedVarint();
  const content = readHash(payload);
  const version = payload.varint();
  const revision = payload.varint();
  const mtimeRestNs = payload.remaining === 0 ? 0 : payload.varint();
  if (mtimeRestNs === 0) {
    return { type: "entry", path, entry: { kind: "file", mode, size, mtimeMs, content }, version, revision };
  }
  if (mtimeRestNs >= nsPerMs) {
    throw problem(
      "malformed",
      `The time of ${JSON.stringify(path)} has ${mtimeRestNs} nanoseconds beside milliseconds`,
    );
  }
  return { type: "entry", path, entry: { kind: "file", mode, size, mtimeMs, mtimeRestNs, content }, version, revision };
}

/** The longest target of a link in bytes: PATH_MAX of Linux counts a NUL at the end. */
const targetBytesMax = 4095;

function readTarget(payload: ByteReader): string {
  const target = payload.string();
  const holds = target !== "" && !target.includes("\0") && new TextEncoder().encode(target).length <= targetBytesMax;
  if (holds) return target;
  throw problem("malformed", "The metadata holds a link whose target no file system can hold");
}
