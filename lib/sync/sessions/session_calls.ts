import type { Hash, SafePath } from "../../core/mod.ts";
import type { RunDirection } from "../../metadata/replicas/mod.ts";
import type { FileMetadata } from "../../metadata/mod.ts";
import type { LocalFile } from "./local_file.ts";
import type { Session } from "./session_record.ts";

/** A program that wants an id. */
export interface NewClient {
  /** The name it chose: letters, digits, dots, underscores and hyphens. */
  readonly name: string;
  /** The system it says it runs on. */
  readonly platform: string;
}

/** A program that was given an id. */
export interface RegisteredClient extends NewClient {
  /** The id: the name, and something that no other has. */
  readonly id: string;
  /** When, in milliseconds since 1970. */
  readonly registeredAtMs: number;
}

/** A session that began. */
export interface StartedSession {
  /** Its id. */
  readonly id: string;
  /** The space it is about. */
  readonly space: string;
  /** Where the space stands. */
  readonly revision: number;
  /** All files of the space; they are read, and hashes worked out, as they are asked for. */
  readonly files: AsyncIterable<LocalFile>;
}

/** What a client has, and what it wants. */
export interface DiffRequest {
  /** Everything it has. */
  readonly files: readonly LocalFile[];
  /** What it does not want to have; `all` for nothing at all. */
  readonly declined: ReadonlySet<SafePath> | "all";
  /** How many deletions on the server it agrees to. */
  readonly confirmedDeletes: number | undefined;
}

/** What is to be done in a session; all paths sorted. */
export interface Comparison {
  /** The session. */
  readonly session: Session;
  /** What the client is to send. */
  readonly uploads: readonly SafePath[];
  /** What the client is to fetch. */
  readonly downloads: readonly SafePath[];
  /** What is deleted on the server once all uploads are through. */
  readonly remoteDeletes: readonly SafePath[];
  /** What the client is to delete: others did, and it did not change it. */
  readonly localDeletes: readonly SafePath[];
  /** What changed on both sides, and where the client's content will go. */
  readonly conflicts: readonly { readonly path: SafePath; readonly copy: SafePath }[];
}

/** A piece of a file. */
export interface PieceRequest {
  /** The file. */
  readonly path: SafePath;
  /** The number of the piece, from 0. */
  readonly index: number;
  /** How many pieces the file has. */
  readonly total: number;
  /** The piece itself. */
  readonly bytes: Uint8Array;
  /** Its SHA-256. */
  readonly hash: Hash;
}

/** What arrived of a file, by the numbers of its pieces. */
export interface ReceivedPieces {
  /** Those that are there. */
  readonly received: readonly number[];
  /** Those that are not. */
  readonly missing: readonly number[];
}

/** A file all of whose pieces were sent. */
export interface FinishRequest {
  /** The file. */
  readonly path: SafePath;
  /** The SHA-256 of the whole. */
  readonly expected: Hash;
}

/** A file that was committed. */
export interface FinishedFile {
  /** What is known of it. */
  readonly metadata: FileMetadata;
  /** Whether something lives there where nothing did. */
  readonly added: boolean;
  /** The path that it is a conflict copy of, if it is one. */
  readonly conflictWith: SafePath | undefined;
}

/** Which sessions to tell of. */
export interface SessionsQuery {
  /** Those about this space; about any unless given. */
  readonly space?: string | undefined;
  /** Those of this client; of any unless given. */
  readonly client?: string | undefined;
  /** At most so many. */
  readonly limit: number;
}

/** A session of either kind. */
export interface KnownSession {
  /** The session. */
  readonly session: Session;
  /** Which way a run that carries a whole folder goes; absent of a session that goes file by file. */
  readonly direction?: RunDirection;
}

/** Where a session stands; at most 1000 paths of each kind, sorted, and none of a run that carries a whole folder. */
export interface SessionReport extends KnownSession {
  /** What is still to be sent. */
  readonly uploads: readonly SafePath[];
  /** What is still to be fetched. */
  readonly downloads: readonly SafePath[];
  /** What is still to be deleted on the server. */
  readonly remoteDeletes: readonly SafePath[];
}
