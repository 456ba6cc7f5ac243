import type { WorldClock } from "./world_clock.ts";

/** What a program throws when it is ended from outside. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** What befalls a program while it runs. */
export interface ProcessFate {
  /** The step before which it ends; never unless told. */
  readonly crashAt: number;
  /** Called before each look at the folder, with the number of the step. */
  readonly onLook: (step: number, what: string) => void;
  /** Called before each request and after each answer, with the number of the step. */
  readonly onPause: (step: number, what: string) => Promise<void>;
  /** What looking at a path throws instead of an answer, if anything. */
  readonly readFault: (call: string, path: string) => Error | undefined;
  /** What writing throws, if anything. */
  readonly writeFault: (step: number) => Error | undefined;
}

/** A fate without any incident. */
export const quietFate: ProcessFate = {
  crashAt: Infinity,
  onLook: () => {},
  onPause: () => Promise.resolve(),
  readFault: () => undefined,
  writeFault: () => undefined,
};

/** One run of a program, as a row of steps, each of which may be its last. What it started cannot outlive it. */
export class Process {
  readonly fate: ProcessFate;
  /** The paths that it could not look at. */
  readonly unread: Set<string> = new Set();
  /** What it says it is at. */
  phase = "scan";
  #steps = 0;
  #over = false;
  #crashed = false;
  readonly #clock: WorldClock;
  readonly #trace: (line: string) => void;

  constructor(fate: ProcessFate, world: { readonly clock: WorldClock; readonly trace: (line: string) => void }) {
    this.fate = fate;
    this.#clock = world.clock;
    this.#trace = world.trace;
  }

  /** Whether it was ended from outside. */
  get crashed(): boolean {
    return this.#crashed;
  }

  /** How many steps it made. */
  get steps(): number {
    return this.#steps;
  }

  /** Takes a step; throws if there is no further one. */
  step(what: string): void {
    if (this.#over) throw new Crash(what);
    this.#steps++;
    this.#clock.pass(1);
    if (this.#steps < this.fate.crashAt) return;
    this.#trace(`  crash at step ${this.#steps}, before: ${what}`);
    this.#over = this.#crashed = true;
    throw new Crash(what);
  }

  /** Takes a step that looks at the folder. */
  look(call: string, path: string): void {
    const what = `${call} ${path}`;
    this.step(what);
    this.fate.onLook(this.#steps, what);
    const fault = this.fate.readFault(call, path);
    if (fault === undefined) return;
    this.#trace(`  ${what}: ${fault.name}`);
    this.unread.add(path);
    throw fault;
  }

  /** Takes a step that changes the folder and needs space. */
  write(what: string): void {
    this.step(what);
    const fault = this.fate.writeFault(this.#steps);
    if (fault === undefined) return;
    this.#trace(`  ${what}: the disk is full`);
    throw fault;
  }

  /** Takes a step in which others get their turn. */
  async pause(what: string): Promise<void> {
    this.step(what);
    await this.fate.onPause(this.#steps, what);
    if (this.#over) throw new Crash(what);
  }

  /** Ends it; whatever it still has under way comes to nothing. */
  end(): void {
    this.#over = true;
  }
}
