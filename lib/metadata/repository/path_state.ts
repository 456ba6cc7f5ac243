import type { Hash, SafePath } from "../../core/mod.ts";
import type { Entry } from "../entry.ts";
import { defaultModes } from "../ddl/metadata_keys.ts";
import type { FileMetadata, Replica, SyncStatus } from "../file_metadata.ts";
import { timeOf } from "../file_time.ts";
import { compareNames } from "../tree_hash.ts";
import type { MetadataVersion, PathMetadata } from "./metadata_repository.ts";

/** The name of this server among the replicas. */
export const serverNode = "server";

/** The newest version that the tree of a space has of a path, a tombstone too. */
export interface Committed {
  /** What lives there; `undefined` in a tombstone. */
  readonly entry: Entry | undefined;
  readonly version: number;
  readonly revision: number;
  /** Who committed it. */
  readonly client: string;
  readonly committedAtMs: number;
  /** Of a file the SHA-256 of its bytes, where it is known. */
  readonly hash?: Hash | undefined;
}

/** The newest version that somebody announced of a path, a withdrawal too. */
export interface Announcement {
  /** What was announced, its replicas left out; the status is `deleted` in a withdrawal. */
  readonly metadata: FileMetadata;
  /** The version that the tree had of the path at that time; 0 for none. */
  readonly committedVersion: number;
  readonly atMs: number;
}

/** Everything a repository holds of a path. */
export interface PathState {
  readonly committed: Committed | undefined;
  readonly announced: Announcement | undefined;
  /** Who said to hold which version, sorted by node. */
  readonly replicas: readonly Replica[];
}

/** The state of a path that nobody ever committed or announced. */
export const untold: PathState = { committed: undefined, announced: undefined, replicas: [] };

/** The announcement of a path, if it stands: not withdrawn, and the tree did not change the path since. */
export function standing({ committed, announced }: PathState): Announcement | undefined {
  const stands = announced !== undefined && announced.metadata.syncState.status !== "deleted" &&
    announced.committedVersion === (committed?.version ?? 0);
  return stands ? announced : undefined;
}

/** What is known of a path; `undefined` if nothing, or it is gone. */
export function known(path: SafePath, state: PathState): PathMetadata | undefined {
  const announced = standing(state);
  if (announced !== undefined) return announcedMetadata(announced, state.replicas);
  return state.committed?.entry === undefined ? undefined : committedMetadata(path, state.committed, state.replicas);
}

/** What there was of a path that is gone; `undefined` if it is known, or nothing ever was. */
export function gone(path: SafePath, state: PathState): PathMetadata | undefined {
  const { committed, announced } = state;
  if (known(path, state) !== undefined) return undefined;
  if (committed !== undefined) return committedMetadata(path, committed, []);
  return announced && announcedMetadata(announced, []);
}

/** How a path stands, as lists select it; `undefined` if nothing ever was there. */
export function statusOf({ committed, announced }: PathState): SyncStatus | undefined {
  if (committed === undefined && announced === undefined) return undefined;
  const stands = standing({ committed, announced, replicas: [] });
  return stands?.metadata.syncState.status ?? (committed?.entry === undefined ? "deleted" : "synced");
}

/** What an announcement says. */
export function announcedMetadata({ metadata }: Announcement, replicas: readonly Replica[]): PathMetadata {
  const { status } = metadata.syncState;
  return { metadata: { ...metadata, syncState: { status, replicas } }, revision: 0 };
}

/** What a committed version says, a tombstone too: of that, only when and by whom. */
export function committedMetadata(
  path: SafePath,
  { entry, version, revision, client, committedAtMs, hash }: Committed,
  replicas: readonly Replica[],
): PathMetadata {
  const shared = client === "" ? { path, version } : { path, version, owner: client };
  switch (entry?.kind) {
    case undefined: {
      const syncState = { status: "deleted", replicas: [] } as const;
      const metadata: FileMetadata = { ...shared, kind: "file", size: 0, mtimeMs: committedAtMs, mode: 0, syncState };
      return { metadata, revision };
    }
    case "file": {
      const { size, mode, content } = entry;
      const syncState = { status: "synced", replicas: holders(version, client, replicas) } as const;
      const metadata = {
        ...shared,
        kind: "file",
        size,
        ...(hash && { hash }),
        ...timeOf(entry),
        mode,
        syncState,
      } as const;
      return { metadata, content, revision };
    }
    case "directory":
    case "symlink": {
      const syncState = { status: "synced", replicas: holders(version, client, replicas) } as const;
      const rest = { mtimeMs: committedAtMs, syncState };
      return entry.kind === "directory"
        ? { metadata: { ...shared, kind: "directory", size: 0, mode: entry.mode, ...rest }, revision }
        : {
          metadata: { ...shared, kind: "symlink", size: 0, target: entry.target, mode: defaultModes.symlink, ...rest },
          revision,
        };
    }
  }
}

/** A version in a history. */
export function committedVersion(path: SafePath, committed: Committed): MetadataVersion {
  return { ...committedMetadata(path, committed, []), atMs: committed.committedAtMs };
}

/** A version in a history. */
export function announcedVersion(announcement: Announcement): MetadataVersion {
  return { ...announcedMetadata(announcement, []), atMs: announcement.atMs };
}

/** Orders the versions of a path: newest first, what was committed before what was announced under the same number. */
export function compareVersions(a: MetadataVersion, b: MetadataVersion): number {
  return b.metadata.version - a.metadata.version || b.revision - a.revision || b.atMs - a.atMs;
}

/** The replicas of a committed version: the server, who committed it, and those who said so. */
function holders(version: number, client: string, said: readonly Replica[]): Replica[] {
  // Most often nobody said anything: the two who must hold it, in order.
  if (said.length === 0 && client !== serverNode && client !== "") {
    const [one, other] = client < serverNode ? [client, serverNode] : [serverNode, client];
    return [{ node: one, version }, { node: other, version }];
  }
  const holders = new Map(said.map(({ node, version }) => [node, version]));
  for (const node of client === "" ? [serverNode] : [client, serverNode]) {
    holders.set(node, Math.max(version, holders.get(node) ?? 0));
  }
  return [...holders].map(([node, version]) => ({ node, version })).sort((a, b) => compareNames(a.node, b.node));
}
