import { fromFileUrl } from "@std/path";

/** What a run of the program left. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how to run the program. */
export interface RunOptions {
  /** The folder it runs in; any unless told. */
  readonly cwd?: string;
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The dfs program in one of its forms: from source, as a bundle, installed. */
export class Program {
  readonly #command: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  /** @param command What is called, with the arguments before the program's own. */
  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#command = command;
    this.#env = { NO_COLOR: "1", ...env };
  }

  /** Runs it to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { code, stdout, stderr } = await this.#prepare(args, options).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  }

  /** Starts it; settles once what it printed matches a pattern. */
  async start(args: readonly string[], options: RunOptions & { readonly until: RegExp }): Promise<RunningProgram> {
    return await RunningProgram.said(options.until, this.#prepare(args, options).spawn());
  }

  /** Starts `dfs serve` on a free port; settles once it accepts connections. */
  async serve(dataFolder: string, args: readonly string[] = [], options: RunOptions = {}): Promise<ServerProcess> {
    const until = /^dfs listening on (https?:\/\/\S+)\n/;
    const command = ["serve", "--port", "0", "--data-dir", dataFolder, ...args];
    const running = await this.start(command, { ...options, until });
    return Object.assign(running, { url: until.exec(running.said)![1]! });
  }

  #prepare(args: readonly string[], options: RunOptions): Deno.Command {
    const [command, ...first] = this.#command;
    return new Deno.Command(command!, {
      args: [...first, ...args],
      env: { ...this.#env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }
}

/** A server in a process of its own. */
export interface ServerProcess extends RunningProgram {
  /** Where it listens. */
  readonly url: string;
}

/** The program in a process of its own; ended when it is disposed of. */
export class RunningProgram implements AsyncDisposable {
  /** What it printed up to what was waited for. */
  readonly said: string;
  readonly #process: Deno.ChildProcess;
  readonly #stdout: Promise<string>;
  readonly #stderr: Promise<string>;

  private constructor(process: Deno.ChildProcess, said: string, rest: AsyncIterable<string>) {
    this.said = said;
    this.#process = process;
    this.#stdout = Array.fromAsync(rest).then((pieces) => pieces.join(""));
    this.#stderr = new Response(process.stderr).text();
  }

  /** Waits until what a process printed matches. */
  static async said(pattern: RegExp, process: Deno.ChildProcess): Promise<RunningProgram> {
    const pieces = process.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    let said = "";
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      said += next.value;
      if (pattern.test(said)) return new RunningProgram(process, said, { [Symbol.asyncIterator]: () => pieces });
    }
    const stderr = await new Response(process.stderr).text();
    throw new Error(`The program ended with exit code ${(await process.status).code}: ${said}${stderr}`);
  }

  /** Sends a signal and waits for the end; gives what was printed since. */
  async end(signal: Deno.Signal = "SIGTERM"): Promise<Outcome> {
    this.#process.kill(signal);
    const [{ code }, stdout, stderr] = await Promise.all([this.#process.status, this.#stdout, this.#stderr]);
    return { code, stdout, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGTERM");
    } catch (cause) {
      // It ended before.
      if (!(cause instanceof TypeError)) throw cause;
    }
    await Promise.all([this.#process.status, this.#stdout, this.#stderr]);
  }
}

/** The root of the source tree. */
export const sourceRoot: string = fromFileUrl(new URL("../../", import.meta.url));

/** The program from source. */
export const fromSource: Program = new Program([
  Deno.execPath(),
  "run",
  "--allow-all",
  "--no-check",
  "--cached-only",
  `${sourceRoot}main.ts`,
]);
