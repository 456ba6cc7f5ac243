import type { Hash } from "../../lib/core/mod.ts";
import { sha256 } from "../../lib/core/mod.ts";
import { type FolderNode, type MemoryFiles, type MemoryNode, walkFiles } from "./memory_files.ts";

/** What lives at each path, in words that two trees can be compared by. */
export type TreeFacts = ReadonlyMap<string, string>;

const keys = new WeakMap<Uint8Array, string>();

/** Names some bytes. */
export function bytesKey(bytes: Uint8Array): string {
  let key = keys.get(bytes);
  if (key === undefined) {
    const hash: Hash = sha256(bytes);
    key = `${bytes.length} bytes ${hash}`;
    keys.set(bytes, key);
  }
  return key;
}

/** Names the content of a file or a link; a folder has none. */
export function contentKey(node: MemoryNode): string | undefined {
  if (node.kind === "directory") return undefined;
  return node.kind === "file" ? bytesKey(node.bytes) : linkKey(node.target);
}

/** Names the content of a link. */
export function linkKey(target: string): string {
  return `link to ${target}`;
}

/** Everything in a folder. */
export function folderFacts(root: FolderNode): Map<string, string> {
  const facts = new Map<string, string>();
  for (const [path, node] of walkFiles(root)) {
    const mode = node.kind === "symlink" ? "" : ` mode ${node.mode.toString(8)}`;
    const time = node.kind === "file" ? ` time ${node.mtimeMs}.${node.mtimeRestNs}` : "";
    facts.set(path, `${node.kind} ${contentKey(node) ?? ""}${mode}${time}`);
  }
  return facts;
}

/** Which paths a folder ignores, found out without dfs. */
export function ignoredBy(files: MemoryFiles): (path: string) => boolean {
  const rules = files.root.names.get(".dfsignore");
  const text = rules?.kind === "file" ? new TextDecoder().decode(rules.bytes) : "";
  const lines = new Set(text.split("\n"));
  return (path) => path.split("/").some((name) => lines.has(name) || (lines.has("*.tmp") && name.endsWith(".tmp")));
}

/** Whether something ignored lies in a folder. */
export function hidesIgnored(files: MemoryFiles, folder: string): boolean {
  const ignored = ignoredBy(files);
  return [...walkFiles(files.root)].some(([path]) => path.startsWith(`${folder}/`) && ignored(path));
}

/** Where two trees differ, leaving out what is ignored and the folders that something ignored lies in. */
export function differences(here: TreeFacts, there: TreeFacts, ignored: (path: string) => boolean): string[] {
  const exempt = new Set<string>();
  for (const path of [...here.keys(), ...there.keys()]) {
    if (!ignored(path)) continue;
    for (let above = path; above !== ""; above = above.slice(0, Math.max(0, above.lastIndexOf("/")))) exempt.add(above);
  }
  const found: string[] = [];
  for (const path of new Set([...here.keys(), ...there.keys()])) {
    if (exempt.has(path) || here.get(path) === there.get(path)) continue;
    found.push(`${path}: ${here.get(path) ?? "nothing"} against ${there.get(path) ?? "nothing"}`);
  }
  return found;
}
