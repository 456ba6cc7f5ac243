import type { Measurement } from "./measure.ts";
import type { Direction, Scenario } from "./stories.ts";

/** Medians and peaks of one tool at one step. */
export interface Summary {
  /** Median seconds. */
  readonly seconds: number;
  /** Median processor seconds of both sides. */
  readonly cpuSeconds: number;
  /** Highest of the peaks of the client, in bytes. */
  readonly clientBytes: number;
  /** Highest of the peaks of the server, in bytes. */
  readonly serverBytes: number;
  /** Bytes sent and received, of the one round that went through the relay. */
  readonly wireBytes: number;
}

/** What a measurement belongs to. */
export interface Step {
  readonly scenario: Scenario;
  readonly direction: Direction;
  readonly tool: string;
}

/** All measurements of a run. */
export class Results {
  readonly #measurements = new Map<string, Measurement[]>();
  readonly #wireBytes = new Map<string, number>();

  /** Notes a measurement of a timed round. */
  add(step: Step, measurement: Measurement): void {
    const known = this.#measurements.get(key(step));
    if (known === undefined) this.#measurements.set(key(step), [measurement]);
    else known.push(measurement);
  }

  /** Notes the bytes of the round through the relay. */
  addWire(step: Step, bytes: number): void {
    this.#wireBytes.set(key(step), bytes);
  }

  /** @returns The summary of a step, `undefined` when it was not measured. */
  summary(step: Step): Summary | undefined {
    const measurements = this.#measurements.get(key(step));
    const wireBytes = this.#wireBytes.get(key(step));
    if (measurements === undefined || wireBytes === undefined) return undefined;
    return {
      seconds: median(measurements.map(({ seconds }) => seconds)),
      cpuSeconds: median(measurements.map(({ cpuSeconds }) => cpuSeconds)),
      clientBytes: Math.max(...measurements.map(({ clientBytes }) => clientBytes)),
      serverBytes: Math.max(...measurements.map(({ serverBytes }) => serverBytes)),
      wireBytes,
    };
  }
}

function key({ scenario, direction, tool }: Step): string {
  return `${scenario} ${direction} ${tool}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
