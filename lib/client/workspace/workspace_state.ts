import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ByteReader, ByteWriter, Failure, type Hash, type SafePath } from "../../core/mod.ts";
import { type Entry, Manifest } from "../../metadata/mod.ts";
import { chunkBytesMin, eachFile, type FileListener, type Listing, type LocalNode, type Tree } from "../../sync/mod.ts";
import { type Base, type OpenPath, openReasons } from "./base.ts";
import { decodeIntent, encodeIntent, intentParts, type Intents } from "./intent.ts";
import { stateFailure } from "./state_failure.ts";
import type { RunSession } from "../session/mod.ts";
import { packListing, readNode, writeNode } from "./listing_codec.ts";
import { PackedListing } from "./packed_listing.ts";

/** Marks the file as a client's state: "dfsC". */
const applicationId = 0x64667343;
/**
 * What makes a state of version n + 1 from one of version n, by n. A state holds nothing that the next run could not find
 * out anew, so what an older one lacks is simply not known.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE directory (path TEXT PRIMARY KEY, hash BLOB NOT NULL, listing BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE manifest (content BLOB PRIMARY KEY, chunks BLOB NOT NULL) WITHOUT ROWID;
  `,
  `
  DELETE FROM meta WHERE key IN ('revision', 'agreed', 'intent', 'intent_side');
  DELETE FROM directory;
  CREATE TABLE open_path (path TEXT PRIMARY KEY, reason INTEGER NOT NULL, nodes BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE resolution (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, agreed BLOB NOT NULL);
  `,
  `
  DELETE FROM meta WHERE key IN ('revision', 'agreed');
  DELETE FROM directory;
  `,
  // Times have rests and change times fractions now; what was noted without them shows as changed, and is read again.
  "",
];

/** How many names are packed before they are to be saved, at most: a very large tree is not to be in memory in both forms. */
const namesAheadMax = 100_000;

/** Options of {@linkcode WorkspaceState.saveBase}. */
export interface SaveBaseOptions {
  /** The base that was loaded before, if there was one. */
  readonly before: Base | undefined;
  /** Chunk lists of more than one chunk that are new in the base. */
  readonly manifests: ReadonlyMap<Hash, Manifest>;
  /** With which server and space it was agreed. */
  readonly agreement: string;
  /** What runs set out to change and could not see the outcome of; nothing unless given. */
  readonly intents?: Intents;
}

/**
 * What a client remembers between two runs, in `.dfs/state.sqlite`: the base, one row a directory, and the chunk lists of
 * its large files. Losing it loses nothing else: the next run compares everything anew.
 */
export class WorkspaceState implements Disposable {
  readonly #db: DatabaseSync;
  readonly #manifest: StatementSync;
  /** The last resolution that was taken into a base; what comes later stays for the next one. */
  #resolved = 0;
  /** Listings that are likely to be saved, as they are kept. */
  readonly #packed = new WeakMap<Listing<LocalNode>, Uint8Array>();
  /** The trees of the base, which no other program changes while this one has it open for writing. */
  #trees: Pick<Base, "revision" | "tree" | "hashes"> | undefined;

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
    try {
      this.#db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").run(key, value);
    } catch (cause) {
      throw stateFailure("write the state of this folder", cause);
    }
  }

  /** The base, or `undefined` before the first agreement. */
  loadBase(): Base | undefined {
    if (this.#trees !== undefined) return { ...this.#trees, open: this.#loadOpen() };
    const revision = this.get("revision");
    if (revision === undefined) return undefined;
    const tree: Tree<LocalNode> = new Map();
    const hashes = new Map<SafePath, Hash>();
    for (const row of this.#db.prepare("SELECT path, hash, listing FROM directory").all()) {
      const path = row.path as SafePath;
      tree.set(path, new PackedListing(row.listing as Uint8Array));
      hashes.set(path, (row.hash as Uint8Array).toHex() as Hash);
    }
    this.#trees = { revision: Number(revision), tree, hashes };
    return { ...this.#trees, open: this.#loadOpen() };
  }

  /** Where the last run that had something to do stands, or stood when it ended. */
  loadSession(): RunSession | undefined {
    const text = this.get("session");
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Keeps where a run stands. */
  saveSession(session: RunSession): void {
    this.set("session", JSON.stringify(session));
  }

  /** What runs set out to change and did not remember as done. */
  loadIntents(): Intents {
    const read = this.#db.prepare("SELECT value FROM meta WHERE key = ?");
    const intents: Record<string, Intents["server"]> = {};
    for (const part of intentParts) {
      const row = read.get(`intent_${part}`);
      if (row?.value instanceof Uint8Array) intents[part] = decodeIntent(row.value);
    }
    return intents;
  }

  /** Keeps what a run sets out to change until {@linkcode saveBase}. */
  saveIntents(intents: Intents): void {
    this.#inOneStep(() => this.#putIntents(intents));
  }

  /** Gets a tree ready to be the base, for whoever has time for that before it is: so that saving it takes less. */
  packAhead(tree: Tree<LocalNode>, before: Base | undefined): void {
    let names = 0;
    for (const [path, listing] of tree) {
      if (before?.tree.get(path) === listing) continue;
      if ((names += listing.size) > namesAheadMax) return;
      this.#packed.set(listing, packListing(listing));
    }
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
    this.#inOneStep(() => {
      for (const [path, listing] of base.tree) {
        const hash = base.hashes.get(path)!;
        if (before?.tree.get(path) === listing && before.hashes.get(path) === hash) continue;
        put.run(path, Uint8Array.fromHex(hash), this.#packed.get(listing) ?? packListing(listing));
      }
      if (before === undefined) this.#dropDirectoriesBut(base.tree);
      for (const path of before?.tree.keys() ?? []) if (!base.tree.has(path)) drop.run(path);
      for (const [content, manifest] of options.manifests) putManifest.run(Uint8Array.fromHex(content), manifest.bytes);
      this.#saveOpen(base.open);
      this.#db.prepare("DELETE FROM resolution WHERE id <= ?").run(this.#resolved);
      if (before?.tree !== base.tree || before.open !== base.open) this.#dropManifestsBut(base);
      this.set("revision", String(base.revision));
      this.set("agreed", options.agreement);
      this.#db.exec("DELETE FROM meta WHERE key LIKE 'intent%'");
      this.#putIntents(options.intents ?? {});
    });
    const { revision, tree, hashes } = base;
    this.#trees = { revision, tree, hashes };
  }

  /**
   * Decides a conflict: from the next run on, this is what both sides last agreed on at a path. It holds though another
   * program is in the middle of a run.
   */
  saveResolution(path: SafePath, agreed: Entry | undefined): void {
    const writer = new ByteWriter();
    writeNode(writer, agreed && { entry: agreed });
    this.#db.prepare("INSERT INTO resolution (path, agreed) VALUES (?, ?)").run(path, writer.view());
  }

  /** The chunk list of a large file's content, if it was kept. */
  manifest(content: Hash): Manifest | undefined {
    const row = this.#manifest.get(Uint8Array.fromHex(content));
    if (row === undefined) return undefined;
    const manifest = Manifest.fromBytes((row.chunks as Uint8Array<ArrayBuffer>).slice());
    return manifest.ok ? manifest.value : undefined;
  }

  #putIntents(intents: Intents): void {
    const put = this.#db.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
    for (const part of intentParts) {
      const intent = intents[part];
      if (intent !== undefined) put.run(`intent_${part}`, encodeIntent(intent));
    }
  }

  /** Forgets the directories of a base that is not gone on from, such as one with another server. */
  #dropDirectoriesBut(tree: Tree): void {
    const drop = this.#db.prepare("DELETE FROM directory WHERE path = ?");
    for (const { path } of this.#db.prepare("SELECT path FROM directory").all()) {
      if (!tree.has(path as SafePath)) drop.run(path as string);
    }
  }

  #loadOpen(): Map<SafePath, OpenPath> {
    const open = new Map<SafePath, OpenPath>();
    for (const row of this.#db.prepare("SELECT path, reason, nodes FROM open_path").iterate()) {
      const reader = new ByteReader(row.nodes as Uint8Array);
      const agreed = readNode(reader)?.entry;
      const here = readNode(reader);
      open.set(row.path as SafePath, { reason: openReasons[Number(row.reason)] ?? "left", agreed, here });
    }
    for (const row of this.#db.prepare("SELECT id, path, agreed FROM resolution ORDER BY id").iterate()) {
      const path = row.path as SafePath;
      const waiting = open.get(path);
      const agreed = readNode(new ByteReader(row.agreed as Uint8Array))?.entry;
      if (waiting !== undefined) open.set(path, { ...waiting, agreed });
      this.#resolved = Number(row.id);
    }
    return open;
  }

  #saveOpen(open: Base["open"]): void {
    this.#db.exec("DELETE FROM open_path");
    const put = this.#db.prepare("INSERT INTO open_path VALUES (?, ?, ?)");
    const writer = new ByteWriter();
    for (const [path, { reason, agreed, here }] of open) {
      writer.reset();
      writeNode(writer, agreed && { entry: agreed });
      writeNode(writer, here);
      put.run(path, openReasons.indexOf(reason), writer.view());
    }
  }

  /** Forgets the chunk lists of contents that no file has. */
  #dropManifestsBut({ tree, open }: Base): void {
    const kept = this.#db.prepare("SELECT content FROM manifest").all();
    if (kept.length === 0) return;
    const contents = new Set<Hash>();
    const keep: FileListener = (size, content) => void (size > chunkBytesMin && contents.add(content()));
    eachFile(tree, keep);
    for (const { agreed, here } of open.values()) {
      for (const entry of [agreed, here?.entry]) if (entry?.kind === "file") keep(entry.size, () => entry.content);
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
      // A full disk has it rolled back already.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw stateFailure("write the state of this folder", cause);
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
  const empty = version === 0 && db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n === 0;
  if (!empty && pragma("application_id") !== applicationId) {
    throw new Failure("conflict", `"${path}" is a database of another program`, { hint: "Move it out of the way" });
  }
  if (version > migrations.length) {
    throw new Failure("conflict", `"${path}" has schema ${version}, this dfs reads up to ${migrations.length}`, {
      hint: "Use the newer dfs that wrote it",
    });
  }
  if (version === migrations.length) return;
  const steps = migrations.slice(version).join("");
  const marks = `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`;
  db.exec(`BEGIN; ${steps} ${marks}; COMMIT`);
}
