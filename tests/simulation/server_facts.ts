import type { Entry } from "../../lib/metadata/mod.ts";
import { readFile } from "./oracle.ts";
import type { SimulatedServer } from "./simulated_server.ts";
import { bytesKey, linkKey, type TreeFacts } from "./tree_facts.ts";

/** Everything a server held at a revision, its files read back byte for byte. */
export async function serverFacts(server: SimulatedServer, revision: number): Promise<TreeFacts> {
  const facts = new Map<string, string>();
  for await (const { children } of server.metadata.entriesAt("default", revision)) {
    for (const { path, entry } of children) facts.set(path, await factOf(entry, server));
  }
  return facts;
}

async function factOf(entry: Entry, server: SimulatedServer): Promise<string> {
  switch (entry.kind) {
    case "directory":
      return `directory  mode ${entry.mode.toString(8)}`;
    case "symlink":
      return `symlink ${linkKey(entry.target)}`;
    case "file": {
      const bytes = await readFile(entry, server);
      const content = bytes === undefined ? "unreadable" : bytesKey(bytes);
      return `file ${content} mode ${entry.mode.toString(8)} time ${entry.mtimeMs}.${entry.mtimeRestNs ?? 0}`;
    }
  }
}
