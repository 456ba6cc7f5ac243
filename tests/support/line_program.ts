import { type Outcome, sourceRoot } from "./program.ts";

/** The dfs program in a process of its own, which prints lines of JSON: what they said so far. */
export class LineProgram<T> implements AsyncDisposable {
  /** What it printed, as far as it was looked at. */
  readonly printed: T[] = [];
  readonly #process: Deno.ChildProcess;
  readonly #stderr: Promise<string>;
  readonly #lines: AsyncIterator<string>;

  constructor(args: readonly string[]) {
    const program = ["run", "--allow-all", "--no-check", "--cached-only", `${sourceRoot}main.ts`];
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [...program, ...args],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = textLines(this.#process.stdout);
    this.#stderr = new Response(this.#process.stderr).text();
  }

  /** Waits for a line that was not looked at before. */
  async until(isIt: (line: T) => boolean): Promise<void> {
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
      const value: T = JSON.parse(line.value);
      this.printed.push(value);
      if (isIt(value)) return;
    }
    throw new Error(`The program ended: ${await this.#stderr}`);
  }

  /** Interrupts it as a user does. */
  interrupt(): void {
    this.#process.kill("SIGINT");
  }

  /** Sends it a signal, as a user does unless told, and waits for its end. */
  async end(signal: Deno.Signal = "SIGINT"): Promise<Omit<Outcome, "stdout">> {
    this.#process.kill(signal);
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
      this.printed.push(JSON.parse(line.value));
    }
    return { code: (await this.#process.status).code, stderr: await this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGTERM");
    } catch (cause) {
      // It ended before.
      if (!(cause instanceof TypeError)) throw cause;
    }
    await this.#lines.return?.();
    await Promise.all([this.#process.status, this.#stderr]);
  }
}

async function* textLines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
