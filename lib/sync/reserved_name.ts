/** The folder at the root of a workspace, and in any folder, that holds dfs's own state and is never synchronized. */
export const stateDirectoryName = ".dfs";
/** Files being written beside their target begin so; they are never synchronized. */
export const stagedPrefix = ".dfs-staged-";

/**
 * Says whether a name is kept for dfs's own use, on any platform: where capitals do not count, `.DFS` is the folder that
 * holds the state. What comes from the other side under such a name must never be written.
 */
export function isReservedName(name: string): boolean {
  if (!name.startsWith(".") || name.length < stateDirectoryName.length) return false;
  const lower = name.toLowerCase();
  return lower === stateDirectoryName || lower.startsWith(stagedPrefix);
}

/** Says whether any name of a path is kept for dfs's own use. */
export function isReservedPath(path: string): boolean {
  return (path.startsWith(".") || path.includes("/.")) && path.split("/").some(isReservedName);
}
