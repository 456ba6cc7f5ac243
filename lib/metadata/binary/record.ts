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
  readonly type: "entry";
  readonly path: SafePath;
  readonly entry: Entry;
  /** 0 where the writer does not know it, as in a commit. */
  readonly version: number;
  readonly revision: number;
  /** Of a directory, where it is told: the Merkle hash of what lies in it. */
  readonly tree?: Hash | undefined;
}

/** Nothing lives at a path any more. */
export interface DeletionRecord {
  readonly type: "deletion";
  readonly path: SafePath;
  readonly version: number;
  readonly revision: number;
}

/** The chunk list of a content, told as its difference to another one (`manifest_delta.ts`). */
export interface ManifestRecord {
  readonly type: "manifest";
  readonly content: Hash;
  /** The content whose list it is told against; the empty content for none. */
  readonly against: Hash;
  readonly delta: Uint8Array;
}

/** Where a space stands; the other records of the stream belong to that revision. */
export interface HeadRecord {
  readonly type: "head";
  readonly revision: number;
  readonly root: Hash;
}

/** That the other records of the stream are one commit. */
export interface CommitRecord {
  readonly type: "commit";
  readonly id: string;
  readonly client: string;
  readonly baseRevision: number;
}

/** What is known of some paths, whole: how metadata is exported, imported and answered (`metadata_block.ts`). */
export interface FileMetadataRecord {
  readonly type: "metadata";
  /** From 1 to `blockEntriesMax` entries. */
  readonly entries: readonly FileMetadata[];
}
