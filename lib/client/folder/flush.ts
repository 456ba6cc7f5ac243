import { platformFailure, Semaphore } from "../../core/mod.ts";
import { fileCalls } from "./file_calls.ts";

/** From so many files on, flushing the whole file system at once is cheaper than each file by itself. */
const flushTogetherMin = 64;
/** How many files may be on their way to the medium at once: the file system writes them in groups. */
const syncsInFlightMax = 64;

/**
 * Puts files, or folders with the names in them, on the medium; they are safe from a crash of the machine when this
 * resolves.
 *
 * Many are flushed together, by syncfs(2), where there is such a call: 16,000 small files took 0.4 s so, and 1.1 s by an
 * fsync(2) for each, many at a time.
 *
 * @param paths The files or folders, all on one file system.
 * @param options Whether many of them may be flushed `together`; they may unless given.
 */
export async function flush(
  paths: readonly string[],
  { together = true }: { readonly together?: boolean } = {},
): Promise<void> {
  if (together && paths.length >= flushTogetherMin && await fileCalls.flushFileSystem?.(paths[0]!)) return;
  const slots = new Semaphore(syncsInFlightMax);
  await Promise.all(paths.map(async (path) => {
    using _slot = await slots.acquire();
    await flushOne(path);
  }));
}

async function flushOne(path: string): Promise<void> {
  try {
    using file = Deno.openSync(path, { read: true });
    await file.sync();
  } catch (cause) {
    throw platformFailure(`write "${path}"`, cause);
  }
}
