import { Failure, type LockedFile, platformFailure, tryLockFile } from "../core/mod.ts";

/** The file that marks a folder as the data folder of a server; the server holds its lock. */
const markerName = "dfs-server.json";
/** The layout of the data folder this program writes. */
const layoutVersion = 1;

/** A data folder that this server alone uses. */
export interface DataFolder extends Disposable {
  /** Absolute path. */
  readonly path: string;
}

/**
 * Claims a folder for a server's data, making it if need be.
 *
 * @throws {Failure} if it is a file, holds something else, is of a newer dfs, or is in use by another server.
 */
export function claimDataFolder(folder: string): DataFolder {
  makeFolder(folder);
  const marker = `${folder}/${markerName}`;
  checkMarker(folder, marker);
  const lock = lockMarker(marker);
  if (lock === undefined) {
    throw new Failure("conflict", `The data folder "${folder}" is in use by another server`, {
      hint: "End that server, or name another folder with --data-dir",
    });
  }
  if (lock.file.statSync().size === 0) {
    lock.file.writeSync(new TextEncoder().encode(`${JSON.stringify({ program: "dfs", layout: layoutVersion })}\n`));
  }
  return { path: Deno.realPathSync(folder), [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

/** Says whether a folder is there and marked as the data folder of a server. */
export function isDataFolder(folder: string): boolean {
  try {
    return Deno.statSync(`${folder}/${markerName}`).isFile;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return false;
    throw platformFailure(`look into "${folder}"`, cause);
  }
}

function lockMarker(marker: string): LockedFile | undefined {
  try {
    return tryLockFile(marker);
  } catch (cause) {
    throw platformFailure(`write "${marker}"`, cause);
  }
}

function makeFolder(folder: string): void {
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists || cause instanceof Deno.errors.NotADirectory) {
      throw new Failure("usage", `"${folder}" is a file where the data folder is expected`, { cause });
    }
    throw platformFailure(`make the data folder "${folder}"`, cause);
  }
}

function checkMarker(folder: string, marker: string): void {
  let text: string;
  try {
    text = Deno.readTextFileSync(marker);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw platformFailure(`read "${marker}"`, cause);
    if (Deno.readDirSync(folder)[Symbol.iterator]().next().done) return;
    throw new Failure("conflict", `"${folder}" is not empty and is not the data folder of a dfs server`, {
      hint: "Name an empty or a new folder with --data-dir",
    });
  }
  if (text === "") return;
  const layout = layoutOf(text);
  if (layout === undefined) throw new Failure("corrupt", `"${marker}" is not what a dfs server wrote`);
  if (layout > layoutVersion) {
    throw new Failure("conflict", `"${folder}" has layout ${layout}, this dfs reads up to ${layoutVersion}`, {
      hint: "Use the newer dfs that wrote it",
    });
  }
}

function layoutOf(text: string): number | undefined {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== "object" || data === null || !("layout" in data)) return undefined;
    return typeof data.layout === "number" ? data.layout : undefined;
  } catch {
    return undefined;
  }
}
