import { Failure, parseHash, parseSafePath, type SafePath } from "../core/mod.ts";
import { sameContent, sameTime } from "../metadata/mod.ts";
import type { HttpClient } from "../network/client/mod.ts";
import { diffTrees, emptyTreeOf, getNode, type LocalNode, scanFolder } from "../sync/mod.ts";
import type { TransferOptions } from "./options.ts";
import { readFiles } from "./folder/mod.ts";
import { type Remote, type RetryOptions, sendRequest } from "./remote/mod.ts";
import { silentProgress, type SyncReport } from "./report.ts";
import { noChanges, type Plan, type Sides } from "./plan.ts";
import type { RunContext, Strategy } from "./strategy.ts";
import { runSync } from "./sync_run.ts";
import { Uploader } from "./transfer/mod.ts";
import type { Workspace } from "./workspace/mod.ts";

/** What reading a whole folder anew found. */
export interface VerifyReport {
  /**
   * Files whose content is not what it was though neither size nor time changed: no program edits so, a failing disk does.
   */
  readonly damaged: readonly SafePath[];
  /** Files among the damaged that were fetched again. */
  readonly repaired: readonly SafePath[];
  /** Other paths at which folder and space differ: changes that were not carried over yet. */
  readonly different: readonly SafePath[];
  /** Files that live in the space and of which the server lacks content. */
  readonly lacking: readonly SafePath[];
  /** How many bytes of what the server lacked were sent to it again. */
  readonly sentBytes: number;
  /** What could not be read. */
  readonly problems: SyncReport["problems"];
  /** The revision the server stands at. */
  readonly revision: number;
  /** Whether both sides were proven equal. */
  readonly synchronized: boolean;
}

/** What {@linkcode verifyFolder} works with. */
export interface VerifyTools {
  /** The folder, its lock held if it is to be repaired. */
  readonly workspace: Workspace;
  /** The space. */
  readonly remote: Remote;
  /** Connections to the server. */
  readonly http: HttpClient;
  /** How failed requests are repeated. */
  readonly retry: RetryOptions;
}

/**
 * Reads every file of a folder and compares the Merkle hash of the whole with the server's; names what differs, and asks
 * the server for content that it lacks.
 *
 * @param options With `dryRun` nothing is changed; without it, damaged files are fetched again and the server is sent what
 * it lacks.
 */
export async function verifyFolder(tools: VerifyTools, options: TransferOptions): Promise<VerifyReport> {
  const { workspace, remote } = tools;
  let found: Found = { damaged: [], different: [] };
  const strategy: Strategy = {
    direction: "pull",
    uploads: false,
    plan: (sides, run) => {
      found = compare(sides, run);
      return repairOf(found, sides);
    },
  };
  const report = await runSync(strategy, workspace, remote, { ...options, checksum: true });
  const lacking = await fetchDamage(tools);
  const sentBytes = options.dryRun ? 0 : await sendAgain(lacking, tools, options);
  const left = new Set(report.problems.map(({ path }) => path));
  const repaired = options.dryRun ? [] : report.changes.map(({ path }) => path).filter((path) => !left.has(path));
  const { problems, revision, synchronized } = report;
  return { ...found, repaired, lacking, sentBytes, problems, revision, synchronized };
}

interface Found {
  readonly damaged: readonly SafePath[];
  readonly different: readonly SafePath[];
}

/** Tells damage from edits: only damage leaves size and time as they were. */
function compare({ folder, server }: Sides, { before }: RunContext): Found {
  const damaged: SafePath[] = [];
  const different: SafePath[] = [];
  const difference = diffTrees(folder, server);
  for (const path of [...difference.puts.keys(), ...difference.deletes].sort()) {
    const [was, is, there] = [getNode(before, path), getNode(folder, path), getNode(server, path)];
    if (isDamaged(was, is) && there !== undefined && sameContent(was!.entry, there.entry)) {
      damaged.push(path);
    } else different.push(path);
  }
  return { damaged, different };
}

function isDamaged(was: LocalNode | undefined, is: LocalNode | undefined): boolean {
  if (was?.entry.kind !== "file" || is?.entry.kind !== "file" || was.entry.content === is.entry.content) return false;
  if (was.entry.size !== is.entry.size || !sameTime(was.entry, is.entry)) return false;
  const [before, now] = [was.stamp, is.stamp];
  return before === undefined || (before.ctimeMs === now?.ctimeMs && before.inode === now.inode);
}

function repairOf({ damaged }: Found, { server }: Sides): Plan {
  const toFolder = noChanges();
  for (const path of damaged) toFolder.puts.set(path, getNode(server, path)!);
  return { toFolder, toServer: noChanges(), conflicts: [] };
}

/** The longest list of damage that is read, in bytes. */
const damageBytesMax = 64 * 1024 * 1024;

/** The files of the space of which the server lacks content. */
async function fetchDamage({ workspace, http, retry }: VerifyTools): Promise<SafePath[]> {
  const { remote: origin, space } = workspace;
  return await sendRequest(http, { method: "GET", path: `/api/spaces/${encodeURIComponent(space)}/damage` }, {
    origin,
    retry,
    read: async (response) => {
      const paths = pathsIn(await response.json({ max: damageBytesMax }));
      if (paths !== undefined) return paths;
      throw new Failure("unreachable", `The server at ${origin} is not a dfs server`, {
        hint: "Check the address and the port",
      });
    },
  });
}

function pathsIn(data: unknown): SafePath[] | undefined {
  if (typeof data !== "object" || data === null || !("damage" in data) || !Array.isArray(data.damage)) return undefined;
  const paths = new Set<SafePath>();
  for (const item of data.damage as readonly unknown[]) {
    if (typeof item !== "object" || item === null || !("chunk" in item) || !("paths" in item)) return undefined;
    if (typeof item.chunk !== "string" || parseHash(item.chunk) === undefined || !Array.isArray(item.paths)) {
      return undefined;
    }
    for (const text of item.paths as readonly unknown[]) {
      const path = typeof text === "string" ? parseSafePath(text) : undefined;
      if (!path?.ok) return undefined;
      paths.add(path.value);
    }
  }
  return [...paths].sort();
}

/** Reads files again and sends of them what the server lacks; gives how many bytes that were. */
async function sendAgain(
  paths: readonly SafePath[],
  { workspace, remote }: VerifyTools,
  { clock }: TransferOptions,
): Promise<number> {
  if (paths.length === 0) return 0;
  const wanted = new Set(paths);
  const { unread } = scanFolder(workspace.disk, emptyTreeOf<LocalNode>(), {});
  using uploader = new Uploader(remote);
  const files = unread.filter(({ path }) => wanted.has(path));
  await readFiles(workspace.disk, files, { clock, sink: uploader, progress: silentProgress });
  await uploader.finish();
  return uploader.counts.bytes;
}
