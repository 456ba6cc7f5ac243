import { timeOf } from "../../metadata/mod.ts";
import type { LocalFile } from "./local_file.ts";
import type { SessionContext } from "./session_context.ts";

/** All files of a space with the SHA-256 of each, folder by folder. */
export async function* snapshotFiles(context: SessionContext, space: string): AsyncGenerator<LocalFile> {
  for await (const { children } of context.trees.entries(space)) {
    for (const { path, entry, version } of children) {
      if (entry.kind !== "file") continue;
      const hash = await context.metadata.contentHash(entry);
      yield { path, hash, size: entry.size, version, ...timeOf(entry) };
    }
  }
}
