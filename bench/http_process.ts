import { fromFileUrl } from "@std/path";

/** What can be measured. */
export const subjects = ["async", "Deno.serve", "node:http", "pool", "serial"] as const;
/** One of {@linkcode subjects}. */
export type Subject = typeof subjects[number];

const ticksPerSecond = 100;

/** A server in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  /** Where it listens, on loopback. */
  readonly port: number;

  private constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** Starts it; settles once it listens. */
  static async start(name: Subject, file: string, workers = 2): Promise<ServerProcess> {
    const path = (script: string) => fromFileUrl(new URL(script, import.meta.url));
    const [program, args] = name === "node:http"
      ? ["node", [path("./http_subject_node.mjs")]]
      : [Deno.execPath(), ["run", "--no-check", "--allow-all", path("./http_subjects.ts")]];
    const process = new Deno.Command(program, { args: [...args, name, file, String(workers)], stdout: "piped" })
      .spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value } = await reader.read();
    return new ServerProcess(process, Number(value));
  }

  /** CPU time so far, in seconds. */
  cpuSeconds(): number {
    const fields = Deno.readTextFileSync(`/proc/${this.#process.pid}/stat`).split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** Resident memory now, in bytes. */
  memoryBytes(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${this.#process.pid}/status`))![1]) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }
}
