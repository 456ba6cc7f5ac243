import type { Hash, SafePath } from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import type { FileMetadata } from "../file_metadata.ts";

/** One statement of a metadata stream, in the binary form. */
export type MetadataRecord =
  | EntryRecord
  | DeletionRecord
  | ManifestRecord
  | HeadRecord
  | CommitRecord
  | FileMetadataRecord;

/** What lives at a path. */
export interface EntryRecord {
  /** Tells this record from the others. */
  readonly type: "entry";
  /** Where it lives. */
  readonly path: SafePath;
  /** The file, directory or symbolic link itself. */
  readonly entry: Entry;
  /** 0 where the writer does not know it, as in a commit. */
  readonly version: number;
  /** The revision that made this version; 0 where the writer does not know it. */
  readonly revision: number;
  /** Of a directory, where it is told: the Merkle hash of what lies in it. */
  readonly tree?: Hash | undefined;
}

/** Nothing lives at a path any more. */
export interface DeletionRecord {
  /** Tells this record from the others. */
  readonly type: "deletion";
  /** Where something lived before. */
  readonly path: SafePath;
  /** The version that the deletion made; 0 where the writer does not know it. */
  readonly version: number;
  /** The revision that deleted it; 0 where the writer does not know it. */
  readonly revision: number;
}

/** The chunk list of a content, told as its difference to another one (`manifest_delta.ts`). */
export interface ManifestRecord {
  /** Tells this record from the others. */
  readonly type: "manifest";
  /** The content whose chunk list this is. */
  readonly content: Hash;
  /** The content whose list it is told against; the empty content for none. */
  readonly against: Hash;
  /** The difference, encoded; it is checked when it is applied, not when the record is read. */
  readonly delta: Uint8Array;
}

/** Where a space stands; the other records of the stream belong to that revision. */
export interface HeadRecord {
  /** Tells this record from the others. */
  readonly type: "head";
  /** How many commits were applied; 0 in a space that never had one. */
  readonly revision: number;
  /** The Merkle hash of everything that lives at that revision. */
  readonly root: Hash;
}

/** That the other records of the stream are one commit. */
export interface CommitRecord {
  /** Tells this record from the others. */
  readonly type: "commit";
  /** Chosen by the client, unique; a commit that comes twice under it is applied once. */
  readonly id: string;
  /** Which replica commits, by its client id. */
  readonly client: string;
  /** The revision that the client's decision rests on; paths that changed after it refuse the commit. */
  readonly baseRevision: number;
}

/** What is known of some paths, whole: how metadata is exported, imported and answered (`metadata_block.ts`). */
export interface FileMetadataRecord {
  /** Tells this record from the others. */
  readonly type: "metadata";
  /** From 1 to `blockEntriesMax` entries. */
  readonly entries: readonly FileMetadata[];
}
