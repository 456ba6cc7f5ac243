import type { Hash, SafePath } from "../../core/mod.ts";
import type { FileTime } from "../file_time.ts";
import type { Manifest } from "../manifest.ts";

/**
 * Remembers who was given a client id, the sessions of these clients, and what arrived of files that are not committed
 * yet, so that all of it outlives the process. What a session does is not decided here.
 *
 * Every method is one step for all who use the store, in any process, and durable when it resolves. All reject with a
 * `Failure` if the medium fails.
 */
export interface SessionStore extends AsyncDisposable {
  /**
   * Remembers a client.
   *
   * @param clientsMax How many clients there may be.
   * @returns Whether there was room.
   */
  addClient(client: ClientRecord, clientsMax: number): Promise<boolean>;

  /** The client of an id. */
  client(id: string): Promise<ClientRecord | undefined>;

  /** The clients that were registered, or began a session, last: at most so many, the last one at the end. */
  clients(limit: number): Promise<ClientRecord[]>;

  /**
   * Begins a session, as its record says.
   *
   * @returns Which limit leaves no room for it; `undefined` if it was begun.
   */
  addSession(session: NewSession, limits: SessionLimits): Promise<"client" | "total" | undefined>;

  /** The session of an id. */
  session(id: string): Promise<SessionRecord | undefined>;

  /**
   * Changes a session, if nobody did so since it was read.
   *
   * @returns Whether it was changed; if not, read it again.
   */
  update(id: string, update: SessionUpdate): Promise<boolean>;

  /** What a session has to do with a path in a role. */
  path(id: string, key: PathKey): Promise<SessionPath | undefined>;

  /** Paths of a role, sorted (code units); at most so many. */
  paths(id: string, role: PathRole, selection: PathSelection): Promise<SessionPath[]>;

  /** How many paths of each role are not done. */
  pending(id: string): Promise<Readonly<Record<PathRole, number>>>;

  /**
   * Settles under which name an upload goes into the space.
   *
   * @param change From what name to what; from `undefined` unless it has one.
   * @returns The name that holds now: the one given, or that which somebody else settled meanwhile.
   */
  nameCopy(id: string, path: SafePath, change: CopyChange): Promise<SafePath>;

  /**
   * Keeps one piece of an upload; one that came before under the same number is replaced. If another number of pieces is
   * told than before, the upload begins anew.
   *
   * @returns What the upload has now, and whether this piece is new to it; `undefined` if the session would have more
   * than `piecesMax` pieces, and nothing was kept.
   */
  putPiece(id: string, piece: NewPiece): Promise<PieceReceipt | undefined>;

  /** What arrived of an upload; `undefined` if nothing did. */
  upload(id: string, path: SafePath): Promise<Upload | undefined>;

  /** Forgets pieces of an upload; all of them unless told which. */
  dropPieces(id: string, path: SafePath, indexes?: readonly number[]): Promise<void>;

  /** Which version of which path a client held when it last completed a session with a space. */
  held(client: string, space: string): Promise<Map<SafePath, number>>;

  /** The sessions that rest in none of some states since before a time, at most so many. */
  resting(query: RestingQuery): Promise<SessionRecord[]>;

  /** Sessions to which anything happened lately, the newest of these first; at most so many. */
  recent(query: RecentQuery): Promise<SessionRecord[]>;

  /** Forgets sessions that nothing happened to for long, and clients that have none and began none for long. */
  forget(age: ForgottenAge): Promise<void>;
}

/** A program that was given an id. */
export interface ClientRecord {
  /** Its id. */
  readonly id: string;
  /** The name it gave. */
  readonly name: string;
  /** The system it said it runs on. */
  readonly platform: string;
  /** When, in milliseconds since 1970. */
  readonly registeredAtMs: number;
}

/** What a session begins with. */
export interface NewSession {
  /** Its id. */
  readonly id: string;
  /** The id of its client. */
  readonly client: string;
  /** The space it is about. */
  readonly space: string;
  /** When it begins, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The name of its state. */
  readonly state: string;
  /** What belongs to the state, as JSON. */
  readonly data: string;
}

/** A session, as it is stored. */
export interface SessionRecord extends NewSession {
  /** Counts its updates: the compare of compare-and-set. */
  readonly tick: number;
  /** When anything happened to it last, in milliseconds since 1970. */
  readonly activeAtMs: number;
  /** How many files were finalized, answered or deleted. */
  readonly filesSynced: number;
  /** How many bytes of content went either way. */
  readonly bytesTransferred: number;
  /** What went wrong last, where something did. */
  readonly lastError: string | undefined;
}

/** How many sessions there may be that are in none of some states. */
export interface SessionLimits {
  /** Sessions in these states are not counted. */
  readonly finalStates: readonly string[];
  /** Of one client. */
  readonly perClientMax: number;
  /** Of all clients. */
  readonly totalMax: number;
}

/** Which sessions {@linkcode SessionStore.resting} gives. */
export interface RestingQuery {
  /** Those that nothing happened to since before this, in milliseconds since 1970. */
  readonly beforeMs: number;
  /** None in these states. */
  readonly finalStates: readonly string[];
  /** At most so many. */
  readonly limit: number;
}

/** Which sessions {@linkcode SessionStore.recent} gives. */
export interface RecentQuery {
  /** Those to which something happened since then, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Only those about this space. */
  readonly space?: string | undefined;
  /** Only those of this client. */
  readonly client?: string | undefined;
  /** At most so many. */
  readonly limit: number;
}

/** What {@linkcode SessionStore.forget} forgets. */
export interface ForgottenAge {
  /** Sessions that nothing happened to since before this, in milliseconds since 1970. */
  readonly sessionsBeforeMs: number;
  /** Clients that began no session since before this, in milliseconds since 1970. */
  readonly clientsBeforeMs: number;
}

/**
 * What a session has to do with a path.
 *
 * - `same`: both sides have the same content.
 * - `upload`, `download`: the content goes to the server, or to the client.
 * - `delete_remote`, `delete_local`: it goes from the server, or from the client.
 */
export type PathRole = "same" | "upload" | "download" | "delete_remote" | "delete_local";

/** Every {@linkcode PathRole}, in the order of their codes in stored forms. */
export const pathRoles: readonly PathRole[] = ["same", "upload", "download", "delete_remote", "delete_local"];

/** A path of a session, in one role; a path in conflict is uploaded and downloaded. */
export interface PathKey {
  /** What the session does with it. */
  readonly role: PathRole;
  /** The path in the space. */
  readonly path: SafePath;
}

/** One path of a session. Of an upload its time is that of the file; of others it is 0. */
export interface SessionPath extends PathKey, FileTime {
  /** Whether it is done. */
  readonly done: boolean;
  /** The version of the path that the session saw on the server; 0 if nothing lived there. */
  readonly seen: number;
  /** The version that the client holds once the session is complete; 0 if it holds none. */
  readonly held: number;
  /** Of an upload: its permission bits, where the client told them. */
  readonly mode?: number | undefined;
  /** Of an upload: where it goes instead, since its path changed on both sides. */
  readonly copy?: SafePath | undefined;
  /** Of an upload that is done: the SHA-256 of its content. */
  readonly hash?: Hash | undefined;
}

/** Which paths of a role. */
export interface PathSelection {
  /** Only those that are done, or are not. */
  readonly done?: boolean;
  /** At most so many. */
  readonly limit: number;
}

/** A change of the name under which an upload goes into the space. */
export interface CopyChange {
  /** What it is taken to be. */
  readonly from: SafePath | undefined;
  /** What it becomes, if it is that. */
  readonly to: SafePath;
}

/** What {@linkcode SessionStore.update} changes, all at once. */
export interface SessionUpdate {
  /** The tick of the record that the decision rests on. */
  readonly tick: number;
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
  /** The name of the new state. */
  readonly state: string;
  /** What belongs to that state, as JSON. */
  readonly data: string;
  /** What went wrong; `null` forgets what did before. */
  readonly lastError?: string | null;
  /** All paths of the session from now on; pieces of uploads that are not among them are forgotten. */
  readonly plan?: readonly SessionPath[];
  /** Paths of the session that are otherwise now; of uploads that are done, the pieces are forgotten. */
  readonly settled?: readonly SessionPath[];
  /** How many files more were synchronized. */
  readonly files?: number;
  /** How many bytes more went either way. */
  readonly bytes?: number;
  /**
   * Whether the client holds from now on what the paths that are done say, and nothing else of the space. Of the paths
   * only uploads are remembered then.
   */
  readonly holds?: boolean;
}

/** One piece of an upload. */
export interface NewPiece {
  /** The path that is uploaded. */
  readonly path: SafePath;
  /** Its number, from 0. */
  readonly index: number;
  /** How many pieces the upload has. */
  readonly total: number;
  /** The chunks it is stored as. */
  readonly chunks: Manifest;
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
  /** How many pieces the session may have. */
  readonly piecesMax: number;
}

/** What an upload has after a piece. */
export interface PieceReceipt {
  /** The numbers of all pieces that are there, rising. */
  readonly received: readonly number[];
  /** Whether the very same piece was not there before. */
  readonly added: boolean;
}

/** What arrived of an upload. */
export interface Upload {
  /** How many pieces it has. */
  readonly total: number;
  /** The pieces that are there, by rising number. */
  readonly pieces: readonly { readonly index: number; readonly chunks: Manifest }[];
}
