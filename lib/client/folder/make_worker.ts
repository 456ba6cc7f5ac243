/// <reference lib="deno.worker" />
/**
 * What a {@linkcode MakeThread} runs: makes small files, while the thread that fetches and checks their bytes goes on.
 *
 * @module
 */
import { fileCalls } from "./file_calls.ts";
import { type MakeReply, type MakeTask, taskFiles } from "./make_thread.ts";

self.onmessage = ({ data }: MessageEvent<MakeTask>): void => {
  const { id, buffer } = data;
  const reply: MakeReply = { id, buffer, made: makeFiles(data) };
  self.postMessage(reply, [buffer.buffer]);
};

/** Makes files up to the first that cannot be made; gives how many. */
function makeFiles(task: MakeTask): number {
  let made = 0;
  try {
    for (const { path, bytes, marks } of taskFiles(task)) {
      fileCalls.make(path, bytes, marks);
      made++;
    }
  } catch {
    // Whoever asked makes the next one itself, and learns why that cannot be.
  }
  return made;
}
