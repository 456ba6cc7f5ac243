import { Failure, rootPath, type SafePath } from "../lib/core/mod.ts";
import type { RemoteVersion } from "../lib/client/mod.ts";
import { pathOperand } from "./ls.ts";

/** A path, and perhaps which version of it. */
export interface VersionedPath {
  /** The path inside the space. */
  readonly path: SafePath;
  /** The version; the live one unless given. */
  readonly version: number | undefined;
}

/**
 * Reads `PATH` or `PATH@VERSION`: a version is an `@` with digits behind it at the very end. A name that ends so itself is
 * reached by naming its version too (`a@2@1`), or by taking the text literally.
 *
 * @param literal Take all of it for a path.
 * @throws {Failure} kind `usage` if there is no path, or none that could be in a space.
 */
export function parseVersionedPath(text: string | undefined, literal: boolean): VersionedPath {
  const [, named, digits] = (literal ? undefined : /^(.*)@(\d{1,15})$/s.exec(text ?? "")) ?? [];
  const path = pathOperand(named ?? text);
  if (path !== rootPath) return { path, version: digits === undefined ? undefined : Number(digits) };
  throw new Failure("usage", "A path is missing", { hint: "Name a file of the space: PATH, or PATH@VERSION" });
}

/** A version of a path that is a file. */
export type FileVersion = RemoteVersion & { readonly size: number; readonly hash: string };

/**
 * Picks the version that is meant from those of a path.
 *
 * @param versions Newest first.
 * @throws {Failure} if there is no such version, or it is no file.
 */
export function pickFile(versions: readonly RemoteVersion[], { path, version }: VersionedPath): FileVersion {
  const [newest] = versions;
  if (newest === undefined) throw new Failure("not_found", `There is no version of "${path}" there`);
  const picked = version === undefined ? newest : versions.find((one) => one.version === version);
  if (picked === undefined) {
    throw new Failure("not_found", `"${path}" has no version ${version}`, { hint: `Its newest is ${newest.version}` });
  }
  const { size, hash, kind } = picked;
  if (size !== undefined && hash !== undefined) return { ...picked, size, hash };
  if (kind !== "deleted") {
    throw new Failure("usage", `"${path}" is no file but a ${kind === "directory" ? "folder" : kind}`);
  }
  const last = versions.find((one) => one.version < picked.version && one.kind === "file");
  throw new Failure("not_found", `"${path}" was deleted by its version ${picked.version}`, {
    ...last === undefined ? {} : { hint: `What it was before is ${path}@${last.version}` },
  });
}
