import { Failure, parseHash, type SafePath } from "../core/mod.ts";
import { type Entry, sameEntry } from "../metadata/mod.ts";
import { getNode, type Node, type Tree, withChanges } from "../sync/mod.ts";
import type { Intent } from "./workspace/mod.ts";
import type { Remote, RemoteVersion } from "./remote/mod.ts";

/** For how many paths the server is asked; what was committed at others is taken for unknown. */
const askedMax = 500;

/** What {@linkcode withOwnVersions} works with. */
export interface OwnVersionsOptions {
  /** What runs of this client set out to change in the space and do not know to be done. */
  readonly intent: Intent | undefined;
  /** What folder and space last agreed on, and at which revision. */
  readonly agreed: Tree;
  readonly revision: number;
  /** Names this client on the server. */
  readonly clientId: string;
  readonly remote: Remote;
}

/**
 * The server's space, with what this client committed in the place of what others made of it since. A commit of which the
 * answer was lost shows in the history of the space, and whoever changed its outcome knew it: so it is no conflict.
 */
export async function withOwnVersions(server: Tree, options: OwnVersionsOptions): Promise<Tree> {
  const { intent, agreed, remote } = options;
  const own: [SafePath, Node | undefined][] = [];
  let asked = 0;
  for (const [path, entry] of intent ?? []) {
    const now = getNode(server, path)?.entry;
    const mayBeOwn = !sameEntry(now, entry) && !sameEntry(now, getNode(agreed, path)?.entry);
    if (!mayBeOwn || !isTold(entry) || asked++ >= askedMax) continue;
    if ((await versionsOf(path, remote)).some((version) => isOwn(version, entry, options))) {
      own.push([path, entry && { entry }]);
    }
  }
  return own.length === 0 ? server : withChanges<Node>(server, own);
}

/** Whether history tells enough of an entry to know it again. */
function isTold(entry: Entry | undefined): boolean {
  return entry === undefined || entry.kind === "file";
}

function isOwn(
  { client, revision, kind, size, hash }: RemoteVersion,
  entry: Entry | undefined,
  options: OwnVersionsOptions,
): boolean {
  if (client !== options.clientId || revision <= options.revision) return false;
  if (entry?.kind !== "file") return kind === "deleted";
  return kind === "file" && size === entry.size && hash !== undefined && parseHash(hash) === entry.content;
}

async function versionsOf(path: SafePath, remote: Remote): Promise<RemoteVersion[]> {
  try {
    return await remote.history(path);
  } catch (cause) {
    // A conflict too many loses nothing.
    if (cause instanceof Failure) return [];
    throw cause;
  }
}
