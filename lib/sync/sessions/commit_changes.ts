import { parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import { encodeManifestDelta, encodeRecords, type MetadataRecord } from "../../metadata/binary/mod.ts";
import { emptyContent, type FileEntry, Manifest } from "../../metadata/mod.ts";
import type { SyncService } from "../service/mod.ts";

/** A commit of a session. */
export interface SessionCommit {
  /** The space that is changed. */
  readonly space: string;
  /** The client that commits. */
  readonly client: string;
  /** Names the commit: one that was applied is not applied again. */
  readonly id: string;
  /** The revision that the decision rests on. */
  readonly baseRevision: number;
  /** What changes, beside the head of the commit. */
  readonly changes: readonly MetadataRecord[];
}

/** Applies a commit; gives what the service says. */
export function commitChanges(
  service: SyncService,
  { space, client, id, baseRevision, changes }: SessionCommit,
): ReturnType<SyncService["commit"]> {
  const head = { type: "commit", id, client, baseRevision } as const;
  return service.commit(space, ReadableStream.from(encodeRecords([head, ...changes])));
}

/** What a commit says of a new file: its chunk list where it needs one, and its entry. */
export function* fileRecords(path: SafePath, entry: FileEntry, manifest: Manifest): Generator<MetadataRecord> {
  if (manifest.length > 1) {
    const delta = encodeManifestDelta(manifest, Manifest.of([]));
    yield { type: "manifest", content: entry.content, against: emptyContent, delta };
  }
  yield { type: "entry", path, entry, version: 0, revision: 0 };
}

/**
 * The folders that a path needs and the space lacks, as records.
 *
 * @returns The records, the outermost folder first; or the path on the way that is no folder.
 */
export async function missingFolders(
  service: SyncService,
  space: string,
  path: SafePath,
): Promise<MetadataRecord[] | SafePath> {
  const missing: MetadataRecord[] = [];
  for (let folder = parentPath(path); folder !== rootPath; folder = parentPath(folder)) {
    const stored = await service.get(space, folder);
    if (stored?.entry.kind === "directory") break;
    if (stored !== undefined) return folder;
    missing.unshift({ type: "entry", path: folder, entry: newFolder, version: 0, revision: 0 });
  }
  return missing;
}

const newFolder = { kind: "directory", mode: 0o755 } as const;
