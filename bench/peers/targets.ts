import type { Summary } from "./results.ts";
import type { Direction, Scenario } from "./stories.ts";

/** What dfs is held to in a step. */
interface Target {
  /** At most this many times the time of rsync. */
  readonly rsyncTimes?: number;
  /** At most this many seconds. */
  readonly seconds?: number;
  /** At most this many processor seconds of both sides. */
  readonly cpuSeconds?: number;
  /** At most this many bytes on the wire. */
  readonly wireBytes?: number;
  /** At most this many bytes of memory on each side. */
  readonly memoryBytes?: number;
}

const mebibyte = 1024 * 1024;

/** Targets of pushing. Pulling is to take no longer than pushing the same, whatever the scenario. */
const pushTargets: Readonly<Record<Scenario, Target>> = {
  big: { rsyncTimes: 1.5, cpuSeconds: 5, memoryBytes: 250 * mebibyte },
  edit: { rsyncTimes: 1, wireBytes: 0.4e6, memoryBytes: 250 * mebibyte },
  small: { rsyncTimes: 1, wireBytes: 26e6, memoryBytes: 400 * mebibyte },
  nothing: { rsyncTimes: 1, wireBytes: 2e3 },
  few: { seconds: 0.3, wireBytes: 0.15e6 },
  rename: { seconds: 0.6, wireBytes: 0.3e6 },
  copies: { wireBytes: 6e6 },
  package: {},
  patch: { wireBytes: 0.1e6 },
  minor: { wireBytes: 1.8e6 },
};

/** The measurements that a verdict needs. */
export interface Measured {
  readonly dfs: Summary;
  /** rsync at the same step, if it ran. */
  readonly rsync: Summary | undefined;
  /** dfs at the push of the same data, if it ran. */
  readonly push: Summary | undefined;
}

/**
 * Holds dfs to its targets.
 *
 * @param scenario The scenario.
 * @param direction The direction.
 * @param measured What was measured.
 * @returns One line a target: what it is, what was measured, and `pass` or `MISS`.
 */
export function verdicts(scenario: Scenario, direction: Direction, measured: Measured): string[] {
  const { dfs, rsync, push } = measured;
  const lines: string[] = [];
  const hold = (what: string, value: number, limit: number | undefined, unit: string): void => {
    if (limit === undefined) return;
    lines.push(`${value <= limit ? "pass" : "MISS"}  ${what} ${digits(value)} of at most ${digits(limit)} ${unit}`);
  };
  const target = pushTargets[scenario];
  if (direction === "pull") {
    if (push !== undefined) hold("time", dfs.seconds, push.seconds, "s, the time of the push");
  } else {
    if (rsync !== undefined) hold("time", dfs.seconds / rsync.seconds, target.rsyncTimes, "times rsync");
    hold("time", dfs.seconds, target.seconds, "s");
    hold("processor", dfs.cpuSeconds, target.cpuSeconds, "s");
    hold("wire", dfs.wireBytes / 1e6, target.wireBytes === undefined ? undefined : target.wireBytes / 1e6, "MB");
  }
  const memory = target.memoryBytes === undefined ? undefined : target.memoryBytes / mebibyte;
  hold("memory", Math.max(dfs.clientBytes, dfs.serverBytes) / mebibyte, memory, "MiB a side");
  return lines;
}

/** Three digits that count, and no exponent. */
export function digits(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}
