import type { FailureKind, Hash, SafePath } from "../../core/mod.ts";
import type { EventMap } from "../../events/mod.ts";
import type { MetadataRecord } from "../../metadata/binary/mod.ts";
import type { SpaceHead } from "../../metadata/mod.ts";
import type { FrameRoom } from "../../storage/mod.ts";
import type { DeltaRemote } from "./delta_remote.ts";
import type { RunSession } from "../session/mod.ts";

/** What a server said to a commit. */
export type CommitAnswer =
  | { readonly outcome: "applied"; readonly revision: number; readonly root: Hash }
  | { readonly outcome: "changed_meanwhile" }
  | { readonly outcome: "missing_chunks" };

/** One version of a path, as the server tells it. */
export interface RemoteVersion {
  /** Counts the changes of the path: 1 at its first appearance, going on over deletions. */
  readonly version: number;
  /** The revision of the space that made this version. */
  readonly revision: number;
  /** Which replica committed it, by its client id. */
  readonly client: string;
  /** When the server applied it: ISO 8601 in UTC, such as `2026-01-31T12:00:00.000Z`. */
  readonly committed_at: string;
  /** `file`, `directory` or `symlink`; `deleted` where this version is a deletion. */
  readonly kind: string;
  /** Length of a file in bytes; other kinds have none. */
  readonly size?: number;
  /** Names the content of a file, in hexadecimal; other kinds have none. */
  readonly hash?: string;
}

/** What a client tells the server of the revision it reached. */
export interface ReplicaState extends Omit<EventMap["sync.completed"], "space" | "session" | "path" | "client"> {
  /** Id of the client. */
  readonly client: string;
  /** The Merkle hash of its whole tree. */
  readonly root: Hash;
  /** The run that brought it there. */
  readonly run?: RunReport;
}

/** What a client tells the server of a run that failed. */
export interface ReplicaFailure {
  /** Id of the client. */
  readonly client: string;
  /** What went wrong. */
  readonly failure: {
    /** What kind of trouble it is. */
    readonly kind: FailureKind;
    /** One sentence. */
    readonly message: string;
  };
  /** The run in which it did. */
  readonly run?: RunReport;
}

/** What a client tells the server of a run that goes on, or of which there is no more to say. */
export interface ReplicaRun {
  /** Id of the client. */
  readonly client: string;
  /** The run. */
  readonly run: RunReport;
}

/** Where a run stands, and how far it is. */
export interface RunReport {
  /** Where it stands. */
  readonly session: RunSession;
  /** How long ago it began, in milliseconds. */
  readonly elapsedMs: number;
  /** How many paths it carried so far. */
  readonly filesSynced: number;
  /** How many bytes of content it read or fetched so far; of one that ended well, how many went either way. */
  readonly bytesTransferred: number;
}

/**
 * A space on a server, as a client talks to it. Every request may be repeated without harm.
 *
 * All methods reject with a `Failure`: kind `unreachable` where there is no answer, another where the server refuses.
 */
export interface Remote {
  /** Address of the server. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** Carries chunks by their difference to others; absent where they can only be carried whole. */
  readonly deltas?: DeltaRemote;
  /** Where the space stands, or `undefined` if the server has none of that name. */
  head(): Promise<SpaceHead | undefined>;
  /** Makes the space exist. */
  createSpace(): Promise<SpaceHead>;
  /** Everything that lives in the space, as records. */
  snapshot(): AsyncIterable<MetadataRecord[]>;
  /** What became of the space since a revision, as records. */
  changes(since: number): AsyncIterable<MetadataRecord[]>;
  /** What lies in some directories, as records; the head of the space first. */
  directories(directories: readonly SafePath[]): AsyncIterable<MetadataRecord[]>;
  /** The chunk lists of contents, as records; nothing of those that have none. */
  manifests(contents: readonly Hash[]): AsyncIterable<MetadataRecord[]>;
  /** What lies in a directory, as records. */
  list(directory: SafePath): Promise<MetadataRecord[]>;
  /** All versions of a path, newest first; none if there never was such a path. */
  history(path: SafePath): Promise<RemoteVersion[]>;
  /** Which of these chunks the server lacks. */
  lacking(hashes: readonly Hash[]): Promise<Set<Hash>>;
  /** Sends frames of chunks, given in pieces. */
  putFrames(pieces: readonly Uint8Array[]): Promise<void>;
  /**
   * Fetches chunks, as the frames they come in. The caller checks what is in them.
   *
   * @param room What they may be put into, fresh memory unless given.
   */
  frames(hashes: readonly Hash[], room?: FrameRoom): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Sends a commit. */
  commit(records: Iterable<MetadataRecord>): Promise<CommitAnswer>;
  /** Tells which revision this client reached, what went wrong, or where a run stands; once only, since each report counts. */
  reportReplica(state: ReplicaState | ReplicaFailure | ReplicaRun): Promise<void>;
}
