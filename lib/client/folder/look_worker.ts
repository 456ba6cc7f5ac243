/// <reference lib="deno.worker" />
/**
 * What a {@linkcode LookThread} runs: looks into directories that the walk has not come to yet. It sends a message when it
 * is through with all of them.
 *
 * @module
 */
import type { AheadLook } from "../../sync/mod.ts";
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

function lookInto(path: string): AheadLook | undefined {
  const look = fileCalls.look(path);
  if (look === undefined) return undefined;
  try {
    const { kind, inode } = fileCalls.stat(path);
    return kind === "directory" ? { look, inode } : undefined;
  } catch {
    return undefined;
  }
}
