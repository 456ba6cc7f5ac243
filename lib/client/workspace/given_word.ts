import { lockFile, platformFailure, tryLockFile } from "../../core/mod.ts";
import { stateDirectoryName } from "../../sync/mod.ts";
import type { TransferOptions } from "../options.ts";
import { wake } from "./wake.ts";
import { readWorkspaceConfig, type WorkspaceConfig } from "./workspace_config.ts";

/** What somebody agreed to, for one run. */
export type GivenWord = Pick<TransferOptions, "confirmDeletes" | "confirmChanges">;

/** The file whose lock says that a client watches the folder, and the one that holds what it is told. */
const watchFileName = "watch";
const wordFileName = "word";

/**
 * Gives what somebody agreed to to the client that watches a folder, whose next run goes by it.
 *
 * @param folder The synchronized folder.
 * @param server Which server and space it is meant for; those that the folder remembers unless given.
 * @returns Whether a client is there that watches this folder for this server and space.
 */
export function giveWord(folder: string, word: GivenWord, server: Partial<WorkspaceConfig> = {}): boolean {
  const directory = `${folder}/${stateDirectoryName}`;
  const known = readWorkspaceConfig(`${directory}/config.yaml`);
  if (known === undefined || !isSame(known, { ...known, ...server }) || !isWatched(directory)) return false;
  const path = `${directory}/${wordFileName}`;
  const { confirmDeletes = "", confirmChanges = "" } = word;
  try {
    Deno.writeTextFileSync(`${path}.new`, `deletes=${confirmDeletes} changes=${confirmChanges}`);
    Deno.renameSync(`${path}.new`, path);
  } catch (cause) {
    throw platformFailure(`write "${path}"`, cause);
  }
  wake(directory);
  return true;
}

/** What a client that watches a folder is told by others. */
export interface WordTaker extends Disposable {
  /** What was given since the last call; from here on it is given no more. */
  take(): GivenWord;
}

/**
 * Lets a client that watches a folder be told what somebody agrees to, until it is disposed of. What was told to one
 * before it is forgotten.
 *
 * @param directory The folder's `.dfs/`, its lock held.
 */
export async function takeWords(directory: string): Promise<WordTaker> {
  const path = `${directory}/${wordFileName}`;
  try {
    // Whoever looks whether somebody watches has it for a moment.
    const lock = await lockFile(`${directory}/${watchFileName}`);
    takeFrom(path);
    return { take: () => takeFrom(path), [Symbol.dispose]: () => lock[Symbol.dispose]() };
  } catch (cause) {
    throw platformFailure(`write in "${directory}"`, cause);
  }
}

function isSame(a: WorkspaceConfig, b: WorkspaceConfig): boolean {
  return a.remote === b.remote.replace(/\/+$/, "") && a.space === b.space;
}

function isWatched(directory: string): boolean {
  try {
    using lock = tryLockFile(`${directory}/${watchFileName}`);
    return lock === undefined;
  } catch (cause) {
    throw platformFailure(`write in "${directory}"`, cause);
  }
}

function takeFrom(path: string): GivenWord {
  let text = "";
  try {
    text = Deno.readTextFileSync(path);
    Deno.removeSync(path);
  } catch (cause) {
    if (!isAbsence(cause)) throw platformFailure(`read "${path}"`, cause);
  }
  const [, deletes, changes] = /^deletes=(\d*) changes=(\d*)$/.exec(text) ?? [];
  return { confirmDeletes: countOf(deletes), confirmChanges: countOf(changes) };
}

function countOf(digits = ""): number | undefined {
  return digits === "" ? undefined : Number(digits);
}

function isAbsence(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
}
