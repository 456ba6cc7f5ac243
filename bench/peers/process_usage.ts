/** Ticks a second in which Linux tells processor time to programs, on every architecture. */
const ticksPerSecond = 100;

/**
 * Processor time that a process, its living descendants and those it has waited for have used.
 *
 * @param pid The process.
 * @returns Seconds, user and system together, in steps of a hundredth.
 */
export function cpuSeconds(pid: number): number {
  const [own, children] = ticks(pid);
  let seconds = (own + children) / ticksPerSecond;
  for (const child of childrenOf(pid)) seconds += cpuSeconds(child);
  return seconds;
}

/**
 * Processor time of all children that this program has started and waited for until now.
 *
 * The difference around one child is that child's time, with all that it has waited for itself.
 *
 * @returns Seconds, user and system together, in steps of a hundredth.
 */
export function reapedSeconds(): number {
  return ticks("self")[1] / ticksPerSecond;
}

/** Follows the peak memory of a process and its descendants from its creation until it is disposed. */
export class PeakMemory implements Disposable {
  readonly #pid: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #bytes = 0;

  /**
   * Starts the measurement and forgets earlier peaks of the process.
   *
   * @param pid The process.
   */
  constructor(pid: number) {
    this.#pid = pid;
    for (const process of [pid, ...childrenOf(pid)]) forgetPeak(process);
    this.#timer = setInterval(() => this.#look(pid), 10);
  }

  /** The most that a single one of the processes has held at once, in bytes of resident memory. */
  get bytes(): number {
    this.#look(this.#pid);
    return this.#bytes;
  }

  #look(pid: number): void {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(pid, "status"))?.[1];
    if (peak !== undefined) this.#bytes = Math.max(this.#bytes, Number(peak) * 1024);
    for (const child of childrenOf(pid)) this.#look(child);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Waits until a server has ended what it does after its last answer: no children left, no processor time used.
 *
 * @param pid The server.
 */
export async function settle(pid: number): Promise<void> {
  const limit = performance.now() + 3000;
  let before = -1;
  let now = cpuSeconds(pid);
  while ((now !== before || childrenOf(pid).length > 0) && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    before = now;
    now = cpuSeconds(pid);
  }
}

/** Processor ticks of a process itself and of the children it has waited for; zero when it has ended. */
function ticks(pid: number | "self"): [own: number, children: number] {
  const stat = readProc(pid, "stat");
  // The name of the program, in parentheses, may hold spaces; the state is the first field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11);
  return [user + system, childrenUser + childrenSystem];
}

function childrenOf(pid: number): number[] {
  return readProc(pid, `task/${pid}/children`).split(" ").filter((id) => id !== "").map(Number);
}

function forgetPeak(pid: number): void {
  try {
    Deno.writeTextFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A file of `/proc`, empty when the process has ended. */
function readProc(pid: number | "self", name: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${name}`);
  } catch {
    return "";
  }
}
