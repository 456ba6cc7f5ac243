import { platformFailure } from "../../core/mod.ts";

/** The file in a folder's `.dfs/` whose change tells a watching client that there is something to do. */
export const wakeFileName = "wake";

/**
 * Tells the client that watches a folder, if one does, that there is something to do.
 *
 * @param directory The folder's `.dfs/`.
 */
export function wake(directory: string): void {
  const path = `${directory}/${wakeFileName}`;
  try {
    Deno.writeTextFileSync(path, `${crypto.randomUUID()}\n`);
  } catch (cause) {
    throw platformFailure(`write "${path}"`, cause);
  }
}
