import type { Hash } from "../../core/mod.ts";
import type { Manifest } from "../manifest.ts";

/**
 * Makes sure that each chunk list stands under its own name: one stored under another's would put foreign bytes into
 * every file of that content, in all spaces and for good.
 *
 * @throws {TypeError} if one does not: the caller let a foreign list through.
 */
export function checkManifests(manifests: ReadonlyMap<Hash, Manifest>): void {
  for (const [content, manifest] of manifests) {
    const actual = manifest.contentId();
    if (actual !== content) throw new TypeError(`The chunk list given for ${content} makes up ${actual}`);
  }
}
