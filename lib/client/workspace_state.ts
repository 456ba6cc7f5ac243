import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ByteReader, ByteWriter, Failure, type Hash, type SafePath } from "../core/mod.ts";
import { type Entry, Manifest } from "../metadata/mod.ts";
import { chunkBytesMin, type LocalNode, type Tree, walkTree } from "../sync/mod.ts";
import { decodeIntent, encodeIntent, type Intent } from "./intent.ts";

/** Marks the file as a client's state: "dfsC". */
const applicationId = 0x64667343;
/** The schema this program writes. */
const schemaVersion = 1;

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE directory (path TEXT PRIMARY KEY, hash BLOB NOT NULL, listing BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE manifest (content BLOB PRIMARY KEY, chunks BLOB NOT NULL) WITHOUT ROWID;
`;

/** The state at which a folder and its space last agreed. */
export interface Base {
  /** The revision of the space. */
  readonly revision: number;
  /** Everything that lived then, with the stamps of the local files. */
  readonly tree: Tree<LocalNode>;
  /** The Merkle hash of each directory of it. */
  readonly hashes: ReadonlyMap<SafePath, Hash>;
}

/** Options of {@linkcode WorkspaceState.saveBase}. */
export interface SaveBaseOptions {
  /** The base that was loaded before, if there was one. */
  readonly before: Base | undefined;
  /** Chunk lists of more than one chunk that are new in the base. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
  /** With which server and space it was agreed. */
  readonly agreement: string;
}

/**
 * What a client remembers between two runs, in `.dfs/state.sqlite`: the base, one row a directory, and the chunk lists of
 * its large files. Losing it loses nothing else: the next run compares everything anew.
 */
export class WorkspaceState implements Disposable {
  readonly #db: DatabaseSync;
  readonly #manifest: StatementSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#manifest = db.prepare("SELECT chunks FROM manifest WHERE content = ?");
  }

  /**
   * Opens the state, or makes a new one.
   *
   * @throws {Failure} if the file is not a client's state, or of a newer dfs.
   */
  static open(path: string): WorkspaceState {
    const db = new DatabaseSync(path);
    try {
      prepare(db, path);
      return new WorkspaceState(db);
    } catch (cause) {
      db.close();
      if (cause instanceof Failure) throw cause;
      throw new Failure("corrupt", `Cannot open "${path}": ${cause instanceof Error ? cause.message : cause}`, {
        hint: "Remove the file; the next run compares everything anew and loses nothing",
        cause,
      });
    }
  }

  /** A value that was stored under a name, or `undefined`. */
  get(key: string): string | undefined {
    const row = this.#db.prepare("SELECT value FROM meta WHERE key = ?").get(key);
    return typeof row?.value === "string" ? row.value : undefined;
  }

  /** Stores a value under a name. */
  set(key: string, value: string): void {
    this.#db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, value);
  }

  /** The base, or `undefined` before the first agreement. */
  loadBase(): Base | undefined {
    const revision = this.get("revision");
    if (revision === undefined) return undefined;
    const tree: Tree<LocalNode> = new Map();
    const hashes = new Map<SafePath, Hash>();
    for (const row of this.#db.prepare("SELECT path, hash, listing FROM directory").iterate()) {
      const path = row.path as SafePath;
      tree.set(path, decodeListing(row.listing as Uint8Array));
      hashes.set(path, (row.hash as Uint8Array).toHex() as Hash);
    }
    return { revision: Number(revision), tree, hashes };
  }

  /** What a run set out to change and did not remember as done, or `undefined`. */
  loadIntent(): Intent | undefined {
    const side = this.get("intent_side");
    if (side !== "server" && side !== "folder") return undefined;
    const row = this.#db.prepare("SELECT value FROM meta WHERE key = 'intent'").get();
    return row?.value instanceof Uint8Array ? decodeIntent(side, row.value) : undefined;
  }

  /** Keeps what a run sets out to change until {@linkcode saveBase}. */
  saveIntent(intent: Intent): void {
    const pieces = encodeIntent(intent);
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    this.#inOneStep(() => {
      this.set("intent_side", intent.side);
      this.#db.prepare("INSERT OR REPLACE INTO meta VALUES ('intent', ?)").run(bytes);
    });
  }

  /**
   * Makes a new base the one to start from, in one step. Only what differs from the base before is written; chunk lists
   * that nothing in it names any more are forgotten.
   */
  saveBase(base: Base, options: SaveBaseOptions): void {
    const { before } = options;
    const put = this.#db.prepare("INSERT OR REPLACE INTO directory VALUES (?, ?, ?)");
    const drop = this.#db.prepare("DELETE FROM directory WHERE path = ?");
    const putManifest = this.#db.prepare("INSERT OR REPLACE INTO manifest VALUES (?, ?)");
    const writer = new ByteWriter();
    this.#inOneStep(() => {
      for (const [path, listing] of base.tree) {
        const hash = base.hashes.get(path)!;
        if (before?.tree.get(path) === listing && before.hashes.get(path) === hash) continue;
        encodeListing(writer, listing);
        put.run(path, Uint8Array.fromHex(hash), writer.view());
      }
      if (before === undefined) this.#dropDirectoriesBut(base.tree);
      for (const path of before?.tree.keys() ?? []) if (!base.tree.has(path)) drop.run(path);
      for (const [content, manifest] of options.manifests) putManifest.run(Uint8Array.fromHex(content), manifest.bytes);
      if (before?.tree !== base.tree) this.#dropManifestsBut(base.tree);
      this.set("revision", String(base.revision));
      this.set("agreed", options.agreement);
      this.#db.exec("DELETE FROM meta WHERE key IN ('intent', 'intent_side')");
    });
  }

  /** The chunk list of a large file's content, if it was kept. */
  manifest(content: Hash): Manifest | undefined {
    const row = this.#manifest.get(Uint8Array.fromHex(content));
    if (row === undefined) return undefined;
    const manifest = Manifest.fromBytes((row.chunks as Uint8Array<ArrayBuffer>).slice());
    return manifest.ok ? manifest.value : undefined;
  }

  /** Forgets the directories of a base that is not gone on from, such as one with another server. */
  #dropDirectoriesBut(tree: Tree): void {
    const drop = this.#db.prepare("DELETE FROM directory WHERE path = ?");
    for (const { path } of this.#db.prepare("SELECT path FROM directory").all()) {
      if (!tree.has(path as SafePath)) drop.run(path as string);
    }
  }

  /** Forgets the chunk lists of contents that no file has. */
  #dropManifestsBut(tree: Tree): void {
    const kept = this.#db.prepare("SELECT content FROM manifest").all();
    if (kept.length === 0) return;
    const contents = new Set<Hash>();
    for (const [, { entry }] of walkTree(tree)) {
      if (entry.kind === "file" && entry.size > chunkBytesMin) contents.add(entry.content);
    }
    const drop = this.#db.prepare("DELETE FROM manifest WHERE content = ?");
    for (const row of kept) {
      const content = row.content as Uint8Array;
      if (!contents.has(content.toHex() as Hash)) drop.run(content);
    }
  }

  #inOneStep(step: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      step();
      this.#db.exec("COMMIT");
    } catch (cause) {
      this.#db.exec("ROLLBACK");
      throw cause;
    }
  }

  /** Closes the file; what was saved stays. */
  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function prepare(db: DatabaseSync, path: string): void {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
  const pragma = (name: string): number => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const version = pragma("user_version");
  if (version === 0 && db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n === 0) {
    db.exec(
      `BEGIN; ${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`,
    );
    return;
  }
  if (pragma("application_id") !== applicationId) {
    throw new Failure("conflict", `"${path}" is a database of another program`, { hint: "Move it out of the way" });
  }
  if (version > schemaVersion) {
    throw new Failure("conflict", `"${path}" has schema ${version}, this dfs reads up to ${schemaVersion}`, {
      hint: "Use the newer dfs that wrote it",
    });
  }
}

const kinds = { file: 1, directory: 2, symlink: 3 } as const;

/** Packs a listing: for each node its kind, name, fields, and its stamp if it has one. */
function encodeListing(writer: ByteWriter, listing: ReadonlyMap<string, LocalNode>): void {
  writer.reset();
  writer.varint(listing.size);
  for (const [name, { entry, stamp }] of listing) {
    writer.byte(kinds[entry.kind] + (stamp === undefined ? 0 : 0x10));
    writer.string(name);
    switch (entry.kind) {
      case "file":
        writer.varint(entry.mode);
        writer.signedVarint(entry.mtimeMs);
        writer.varint(entry.size);
        writer.hex(entry.content);
        break;
      case "directory":
        writer.varint(entry.mode);
        break;
      case "symlink":
        writer.string(entry.target);
    }
    if (stamp !== undefined) {
      writer.signedVarint(stamp.ctimeMs);
      writer.varint(stamp.inode);
    }
  }
}

function decodeListing(bytes: Uint8Array): Map<string, LocalNode> {
  const reader = new ByteReader(bytes);
  const listing = new Map<string, LocalNode>();
  for (let left = reader.varint(); left > 0; left--) {
    const tag = reader.byte();
    const name = reader.string();
    const entry = decodeEntry(tag & 0x0f, reader);
    const stamp = tag & 0x10 ? { ctimeMs: reader.signedVarint(), inode: reader.varint() } : undefined;
    listing.set(name, stamp === undefined ? { entry } : { entry, stamp });
  }
  return listing;
}

function decodeEntry(kind: number, reader: ByteReader): Entry {
  switch (kind) {
    case kinds.file:
      return {
        kind: "file",
        mode: reader.varint(),
        mtimeMs: reader.signedVarint(),
        size: reader.varint(),
        content: reader.hex(32) as Hash,
      };
    case kinds.directory:
      return { kind: "directory", mode: reader.varint() };
    default:
      return { kind: "symlink", target: reader.string() };
  }
}
