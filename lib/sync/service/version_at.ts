import { Failure } from "../../core/mod.ts";
import type { VersionRecord } from "../../metadata/mod.ts";

/**
 * The version of a path that was its newest at a revision, a deletion too; `undefined` if there was none yet.
 *
 * @param versions All versions of the path that are kept, newest first.
 * @throws {Failure} kind `not_found` if it is not known, since versions of that time were removed.
 */
export function versionAt(versions: readonly VersionRecord[], revision: number): VersionRecord | undefined {
  const found = versions.find((version) => version.revision <= revision);
  const oldest = versions.at(-1);
  if (found !== undefined || oldest === undefined || oldest.version === 1) return found;
  throw new Failure(
    "not_found",
    `What was there at revision ${revision} was removed; the oldest version that is kept is ${oldest.version}, of ` +
      `revision ${oldest.revision}`,
    { hint: "dfs retention shows by which rule versions are kept" },
  );
}
