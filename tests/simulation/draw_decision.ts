import type { OpenConflict, Resolution } from "../../lib/client/mod.ts";
import type { SafePath } from "../../lib/core/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { MemoryFiles } from "./memory_files.ts";

/** What a user decides about the conflicts at a path. */
export interface DrawnDecision {
  readonly path: SafePath;
  readonly conflicts: readonly OpenConflict[];
  readonly resolution: Resolution;
}

/** Where a user puts what they brought together by hand. */
export const mergedFile = "/aside/merged";

/** Draws what a user decides about one of some conflicts, as `dfs resolve` takes it: by a path, or that of a copy. */
export function drawDecision(found: readonly OpenConflict[], random: SeededRandom): DrawnDecision {
  const one = random.pick(found);
  const path = one.kind === "copy" && random.below(2) === 0 ? one.copy : one.path;
  const conflicts = found.filter((other) => other.path === path || (other.kind === "copy" && other.copy === path));
  const take = random.pick(["ours", "theirs", "both", "merged"] as const);
  return { path, conflicts, resolution: take === "merged" ? { take, file: mergedFile } : { take } };
}

/** What a user brings together by hand: what lies at a path, and a line of their own. */
export function mergedByHand(path: SafePath, line: string, files: MemoryFiles): Uint8Array {
  const node = files.has(path) ? files.find(path) : undefined;
  const text = node?.kind === "file" ? new TextDecoder().decode(node.bytes) : "";
  return new TextEncoder().encode(`${text}${line}\n`);
}
