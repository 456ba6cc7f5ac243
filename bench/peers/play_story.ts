import { join } from "@std/path";
import { compareTrees } from "./compare_trees.ts";
import { copyTree } from "./inputs.ts";
import { measure, type Measurement } from "./measure.ts";
import { CountingRelay } from "./relay.ts";
import type { Step } from "./results.ts";
import { freePort, startServer } from "./server_process.ts";
import type { Direction, Story } from "./stories.ts";
import { run, type Tool, type ToolServer } from "./tool.ts";

/** How a story is played. */
export interface PlayOptions {
  /** The tools, in the order in which each step is run. */
  readonly tools: readonly Tool[];
  /** The tree to begin with; it is copied. */
  readonly input: string;
  /** An empty folder for everything that comes to be. */
  readonly folder: string;
  /** True to connect through a relay that counts the bytes. */
  readonly relayed: boolean;
  /** Called after each step, with the bytes that went through the relay. */
  readonly onStep: (step: Step, measurement: Measurement, wireBytes: number) => void;
}

/**
 * Plays a story once with fresh folders and servers: each step with one tool after the other, so that a change in the
 * load of the machine meets all of them. After each step the trees are compared.
 *
 * @param story The story.
 * @param options How it is played.
 * @throws {Error} When a tool fails, or leaves trees that differ.
 */
export async function playStory(story: Story, options: PlayOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const casts: Cast[] = [];
  for (const tool of options.tools) {
    const cast = await Cast.enter(tool, join(options.folder, tool.name.replaceAll(" ", "")), options);
    casts.push(stack.use(cast));
  }
  for (const { scenario, change } of story.chapters) {
    if (change !== undefined) { for (const cast of casts) await change(cast.source); }
    for (const direction of ["push", "pull"] as const) {
      for (const cast of casts) {
        // What one tool left unwritten would otherwise be written at the cost of the next.
        await run({ program: "sync", args: ["--file-system", options.folder] });
        const { measurement, wireBytes } = await cast.step(direction);
        cast.verify(direction);
        options.onStep({ scenario, direction, tool: cast.name }, measurement, wireBytes);
      }
    }
  }
}

/** One tool with its running server, a folder to push from and a folder to pull into. */
class Cast implements AsyncDisposable {
  readonly name: string;
  readonly source: string;
  readonly #target: string;
  readonly #server: ToolServer;
  readonly #pid: number;
  readonly #port: number;
  readonly #relay: CountingRelay | undefined;
  readonly #stack: AsyncDisposableStack;

  private constructor(members: {
    readonly name: string;
    readonly folder: string;
    readonly server: ToolServer;
    readonly pid: number;
    readonly port: number;
    readonly relay: CountingRelay | undefined;
    readonly stack: AsyncDisposableStack;
  }) {
    this.name = members.name;
    this.source = join(members.folder, "source");
    this.#target = join(members.folder, "target");
    this.#server = members.server;
    this.#pid = members.pid;
    this.#port = members.port;
    this.#relay = members.relay;
    this.#stack = members.stack;
  }

  static async enter(tool: Tool, folder: string, options: PlayOptions): Promise<Cast> {
    const serverFolder = join(folder, "server");
    await Deno.mkdir(serverFolder, { recursive: true });
    await Deno.mkdir(join(folder, "target"));
    await copyTree(options.input, join(folder, "source"));
    const port = freePort();
    const server = await tool.serve(serverFolder, port);
    await using stack = new AsyncDisposableStack();
    const { pid } = stack.use(await startServer(server.command, port));
    const relay = options.relayed ? stack.use(new CountingRelay(port)) : undefined;
    return new Cast({
      name: tool.name,
      folder,
      server,
      pid,
      port: relay?.port ?? port,
      relay,
      stack: stack.move(),
    });
  }

  async step(direction: Direction): Promise<{ measurement: Measurement; wireBytes: number }> {
    const before = this.#relay?.bytes ?? 0;
    const command = direction === "push"
      ? this.#server.push(this.source, this.#port)
      : this.#server.pull(this.#target, this.#port);
    const measurement = await measure(command, this.#pid);
    return { measurement, wireBytes: (this.#relay?.bytes ?? 0) - before };
  }

  /** After a push only a tree that the server keeps as plain files can be compared; a pull shows what others keep. */
  verify(direction: Direction): void {
    const result = direction === "push" ? this.#server.plainTree : this.#target;
    if (result !== undefined) compareTrees(this.source, result);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
