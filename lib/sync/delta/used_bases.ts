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
  const owners = new Uint16Array(units.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const [base, count] of units.entries()) {
    owners.fill(base, at, at + count);
    at += count;
  }
  const used = new Set<number>();
  for (const { steps } of targets) {
    for (const step of steps) {
      if ("literal" in step) continue;
      for (let base = owners[step.from]!; base <= owners[step.from + step.count - 1]!; base++) {
        if (units[base]! > 0) used.add(base);
      }
    }
  }
  const dropped = droppedBefore(units, used);
  const moved = (step: DeltaStep): DeltaStep =>
    "literal" in step ? step : { from: step.from - dropped[owners[step.from]!]!, count: step.count };
  return {
    bases: [...used].sort((a, b) => a - b),
    targets: targets.map((target) => ({ ...target, steps: target.steps.map(moved) })),
  };
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
