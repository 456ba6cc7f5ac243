import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Everything that dfs keeps of a folder, found out without any of dfs's code: one line a path with kind, permissions,
 * and of files the time in milliseconds, the size and a hash.
 */
export function folderFacts(root: string): string[] {
  const facts: string[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(`${root}/${folder}`)) {
      const path = `${folder}${name}`;
      const place = `${root}/${path}`;
      if (path === ".dfs") continue;
      const stat = lstatSync(place);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isSymbolicLink()) facts.push(`${path} -> ${readlinkSync(place)}`);
      else if (stat.isDirectory()) {
        facts.push(`${path}/ ${mode}`);
        walk(`${path}/`);
      } else {
        const hash = createHash("md5").update(readFileSync(place)).digest("hex");
        facts.push(`${path} ${mode} ${Math.floor(stat.mtimeMs)} ${stat.size} ${hash}`);
      }
    }
  };
  walk("");
  return facts.sort();
}
