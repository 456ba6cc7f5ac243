import type { EventJson } from "../../lib/events/mod.ts";
import { type Outcome, sourceRoot } from "./program.ts";

/** `dfs events --follow --json` in a process of its own, with the events it printed so far. */
export class Follower implements AsyncDisposable {
  readonly events: EventJson[] = [];
  readonly #process: Deno.ChildProcess;
  readonly #stderr: Promise<string>;
  readonly #lines: AsyncIterator<string>;

  constructor(url: string, args: readonly string[]) {
    const program = ["run", "--allow-all", "--no-check", "--cached-only", `${sourceRoot}main.ts`];
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [...program, "events", "--follow", "--json", "--remote", url, ...args],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = textLines(this.#process.stdout);
    this.#stderr = new Response(this.#process.stderr).text();
  }

  /** Waits for an event that was not looked at before. */
  async until(isIt: (event: EventJson) => boolean): Promise<void> {
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
      const event: EventJson = JSON.parse(line.value);
      this.events.push(event);
      if (isIt(event)) return;
    }
    throw new Error(`The follower ended: ${await this.#stderr}`);
  }

  /** Interrupts it as a user does. */
  async end(): Promise<Omit<Outcome, "stdout">> {
    this.#process.kill("SIGINT");
    await this.#lines.return?.();
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
