import type { DeltaStep, DeltaTarget } from "./delta.ts";

/** A delta that names no old chunk in vain. */
export interface UsedBases {
  /** Which of the old chunks it takes from, in order. */
  readonly bases: readonly number[];
  /** How to make the new ones, with units counted over those alone. */
  readonly targets: readonly DeltaTarget[];
}

/**
 * Leaves out the old chunks that a delta takes nothing from: they need not be named, nor read.
 *
 * @param targets How to make the new chunks.
 * @param units How many units each old chunk has.
 */
export function usedBases(targets: readonly DeltaTarget[], units: readonly number[]): UsedBases {
  let total = 0;
  const ends = units.map((count) => total += count);
  const used = new Set<number>();
  for (const { steps } of targets) {
    for (const step of steps) {
      if ("literal" in step) continue;
      for (let base = ownerOf(step.from, ends); base < ends.length; base++) {
        used.add(base);
        if (ends[base]! >= step.from + step.count) break;
      }
    }
  }
  const dropped = droppedBefore(units, used);
  const moved = (step: DeltaStep): DeltaStep =>
    "literal" in step ? step : { from: step.from - dropped[ownerOf(step.from, ends)]!, count: step.count };
  return {
    bases: [...used].sort((a, b) => a - b),
    targets: targets.map((target) => ({ ...target, steps: target.steps.map(moved) })),
  };
}

/** Which old chunk a unit is of: the first that ends behind it. */
function ownerOf(unit: number, ends: readonly number[]): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For each old chunk how many units of those before it are left out. */
function droppedBefore(units: readonly number[], used: ReadonlySet<number>): number[] {
  let dropped = 0;
  return units.map((count, base) => {
    const before = dropped;
    if (!used.has(base)) dropped += count;
    return before;
  });
}
