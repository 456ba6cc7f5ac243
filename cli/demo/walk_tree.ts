import { stateDirectoryName } from "../../lib/sync/mod.ts";

/** Something in a folder, as the platform tells of it. */
export interface Found {
  /** Path below the folder, names separated by `/`. */
  readonly path: string;
  readonly info: Deno.FileInfo;
}

/** Everything below a folder, each folder before what lies in it; dfs's own state is left out. */
export function* walkTree(root: string): Generator<Found> {
  const pending = [""];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const { name } of Deno.readDirSync(`${root}/${folder}`)) {
      if (name === stateDirectoryName) continue;
      const path = `${folder}${name}`;
      const info = Deno.lstatSync(`${root}/${path}`);
      yield { path, info };
      if (info.isDirectory) pending.push(`${path}/`);
    }
  }
}
