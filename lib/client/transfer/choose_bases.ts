import type { Hash } from "../../core/mod.ts";
import { deltaBaseBytesMax, deltaBasesMax, deltaTargetBytesMax, deltaTargetsMax } from "../../sync/delta/mod.ts";

/** A chunk that may be much like earlier ones. */
export interface DeltaCandidate<Base> {
  readonly hash: Hash;
  /** Its length in bytes. */
  readonly bytes: number;
  /** Tells the chunks that it may be much like. */
  readonly replaces?: (() => readonly Base[]) | undefined;
}

/** Chunks to be made, and of what. */
export interface DeltaChoice<Base, Target> {
  /** Each once. */
  readonly bases: readonly Base[];
  /** In the order given. */
  readonly targets: readonly Target[];
}

/**
 * Chooses those of some chunks that one delta can make, and the earlier chunks it is made against, within its limits.
 *
 * @param chunks The chunks, in the order they lie in their files.
 * @param bytesMin Shorter ones are left out.
 */
export function chooseBases<
  Base extends { readonly hash: Hash; readonly length: number },
  Target extends DeltaCandidate<Base>,
>(chunks: readonly (Target & DeltaCandidate<Base>)[], bytesMin: number): DeltaChoice<Base, Target> {
  const bases = new Map<Hash, Base>();
  const targets: Target[] = [];
  let [baseBytes, targetBytes] = [0, 0];
  for (const chunk of chunks) {
    if (chunk.replaces === undefined || chunk.bytes < bytesMin) continue;
    if (targets.length === deltaTargetsMax || targetBytes + chunk.bytes > deltaTargetBytesMax) break;
    const replaced = chunk.replaces();
    for (const base of replaced) {
      if (bases.has(base.hash)) continue;
      if (bases.size === deltaBasesMax || baseBytes + base.length > deltaBaseBytesMax) break;
      bases.set(base.hash, base);
      baseBytes += base.length;
    }
    if (!replaced.some(({ hash }) => bases.has(hash))) continue;
    targets.push(chunk);
    targetBytes += chunk.bytes;
  }
  return { bases: [...bases.values()], targets };
}
