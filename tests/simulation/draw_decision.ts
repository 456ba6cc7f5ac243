import type { OpenConflict, Resolution } from "../../lib/client/mod.ts";
import type { SafePath } from "../../lib/core/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { Machine } from "./machine.ts";
import type { MemoryFiles } from "./memory_files.ts";
import type { Oracle } from "./oracle.ts";

/** What a user decides about the conflicts at a path. */
export interface DrawnDecision {
  readonly path: SafePath;
  readonly conflicts: readonly OpenConflict[];
  readonly resolution: Resolution;
}

/** Where a user puts what they brought together by hand. */
const mergedFile = "/aside/merged";

/** The conflicts that dfs tells of. */
export interface KnownConflicts {
  readonly conflicts: readonly OpenConflict[];
  readonly conflictsAt: (path: SafePath) => readonly OpenConflict[];
}

/** Draws what a user decides about one of some conflicts, as `dfs resolve` takes it: by a path, or that of a copy. */
export function drawDecision(
  { conflicts: found, conflictsAt }: KnownConflicts,
  random: SeededRandom,
): DrawnDecision {
  const one = random.pick(found);
  const path = one.kind === "copy" && random.below(2) === 0 ? one.copy : one.path;
  const conflicts = conflictsAt(path);
  const take = random.pick(["ours", "theirs", "both", "merged"] as const);
  return { path, conflicts, resolution: take === "merged" ? { take, file: mergedFile } : { take } };
}

/** Lets the user of a machine prepare what they decided, and notes what they give up by it. */
export function noteDecision(
  { path, conflicts, resolution: { take } }: DrawnDecision,
  machine: Machine,
  oracle: Oracle,
): void {
  if (take === "merged") {
    const bytes = mergedByHand(path, machine.user.newLine(), machine.files);
    machine.files.aside.set(mergedFile, bytes);
    oracle.userWrites(bytes);
  }
  for (const conflict of conflicts) {
    if (conflict.kind !== "waiting") continue;
    if (take === "theirs") oracle.userGivesUpTold(machine, path, conflict.ours);
    if (take === "merged") oracle.userGivesUp(machine, path);
  }
}

/** What a user brings together by hand: what lies at a path, and a line of their own. */
function mergedByHand(path: SafePath, line: string, files: MemoryFiles): Uint8Array {
  const node = files.has(path) ? files.find(path) : undefined;
  const text = node?.kind === "file" ? new TextDecoder().decode(node.bytes) : "";
  return new TextEncoder().encode(`${text}${line}\n`);
}
