/// <reference lib="deno.worker" />
/**
 * What a {@linkcode LookThread} runs: looks into directories that the walk has not come to yet. It sends a message when it
 * is through with all of them.
 *
 * @module
 */
import type { DirectoryLook } from "../../sync/mod.ts";
import { fileCalls } from "./file_calls.ts";
import { LookBoard } from "./look_board.ts";
import type { LookTask } from "./look_thread.ts";

self.onmessage = ({ data }: MessageEvent<LookTask>): void => {
  const { prefix, directories, shared } = data;
  const board = new LookBoard(shared);
  for (const [number, directory] of directories.split("\0").entries()) {
    if (!board.begin(number)) continue;
    const found = lookInto(prefix + directory);
    if (found !== undefined && !board.tell(number, found)) break;
  }
  self.postMessage(null);
  self.close();
};

/** What lies in a directory; nothing if anything is in the way: the walk will see what that is. */
function lookInto(path: string): DirectoryLook | undefined {
  try {
    const { stat } = fileCalls;
    const names = Array.from(Deno.readDirSync(path));
    // One that is not Unicode would not come through as it is.
    if (!names.every(({ name }) => name.isWellFormed())) return undefined;
    const stats = names.map(({ name }) => stat(`${path}/${name}`));
    const own = stat(path);
    return own.kind === "directory" ? { inode: own.inode, names, stats } : undefined;
  } catch {
    return undefined;
  }
}
