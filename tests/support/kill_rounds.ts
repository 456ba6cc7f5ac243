import { assert, assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli";
import type { Hash } from "../../lib/core/mod.ts";
import { HttpRemote } from "../../lib/client/mod.ts";
import { HttpClient } from "../../lib/network/client/mod.ts";
import { cutContent } from "./cut_content.ts";
import { editFolder } from "./edit_folder.ts";
import { folderFacts } from "./folder_facts.ts";
import { fromSource, type ServerProcess, sourceRoot } from "./program.ts";
import { Relay } from "./relay.ts";
import { retryAtOnce } from "./replica.ts";
import { SeededRandom } from "./seeded_random.ts";
import { TempFolder } from "./temp_folder.ts";

/** Options of {@linkcode killRounds}. */
export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Told of every round. */
  readonly log?: (line: string) => void;
}

/** What {@linkcode killRounds} did. */
export interface KillCounts {
  /** How often a process was ended in the middle of its work, by what it was at. */
  readonly kills: Readonly<Record<string, number>>;
  /** How often the work was over before. */
  readonly missed: number;
  /** Chunks that the server acknowledged, all found again at the end. */
  readonly chunks: number;
}

/**
 * Edits a folder at random, pushes and pulls it by the program as a user runs it, and ends client or server with SIGKILL
 * at a random point of each. After every kill the next run must complete, and send nothing again that had arrived; no
 * file is ever seen half written; everything acknowledged, written down outside, is there in the end.
 */
export async function killRounds(options: KillOptions): Promise<KillCounts> {
  await using run = await KillRun.make(options);
  for (let round = 1; round <= options.rounds; round++) await run.round(round);
  return await run.finish();
}

/** Programs that may be ended, and what they are at. */
const targets = ["client in push", "server in push", "client in pull", "server in pull"] as const;

class KillRun implements AsyncDisposable {
  readonly #options: KillOptions;
  readonly #random: SeededRandom;
  readonly #stack: AsyncDisposableStack;
  readonly #data: string;
  readonly #here: string;
  readonly #there: string;
  readonly #port: number;
  readonly #relay: Relay;
  #server: ServerProcess;
  readonly #kills = Object.fromEntries(targets.map((target) => [target, 0])) as Record<typeof targets[number], number>;
  #missed = 0;
  /** The chunks of everything that the server acknowledged. */
  readonly #acknowledged = new Map<Hash, number>();
  /** How many bytes the last push and pull moved, to place the next kill within. */
  #usual = { push: 4000, pull: 4000 };

  private constructor(fields: {
    options: KillOptions;
    stack: AsyncDisposableStack;
    temp: TempFolder;
    port: number;
    relay: Relay;
    server: ServerProcess;
  }) {
    this.#options = fields.options;
    this.#random = new SeededRandom(fields.options.seed);
    this.#stack = fields.stack;
    this.#data = `${fields.temp.path}/data`;
    this.#here = fields.temp.folder("here");
    this.#there = fields.temp.folder("there");
    this.#port = fields.port;
    this.#relay = fields.relay;
    this.#server = fields.server;
  }

  static async make(options: KillOptions): Promise<KillRun> {
    await using stack = new AsyncDisposableStack();
    const temp = stack.use(await TempFolder.make());
    const server = await fromSource.serve(`${temp.path}/data`);
    const relay = stack.use(new Relay(server.url));
    const port = Number(new URL(server.url).port);
    return new KillRun({ options, stack: stack.move(), temp, port, relay, server });
  }

  /** One push and one pull, one of the four programs ended on the way. */
  async round(round: number): Promise<void> {
    const random = this.#random;
    editFolder(this.#here, random, { edits: 5 + random.below(40), bytesMax: 1_500_000 });
    const target = random.pick(targets);
    const before = folderFacts(this.#there);
    const pushKilled = await this.#run("push", target);
    await this.#complete("push", pushKilled);
    this.#acknowledge();
    const pullKilled = await this.#run("pull", target);
    this.#checkNothingHalf(before);
    await this.#complete("pull", pullKilled);
    assertEquals(folderFacts(this.#there), folderFacts(this.#here), `${this.#place(round)}: the folders differ`);
    this.#checkTidy();
    this.#options.log?.(`${round}: ${target}, ${pushKilled || pullKilled ? "to be completed" : "completed"}`);
  }

  /** Looks for everything that was acknowledged. */
  async finish(): Promise<KillCounts> {
    using http = new HttpClient({ origin: this.#server.url });
    const remote = new HttpRemote(http, { origin: this.#server.url, space: "default", retry: retryAtOnce });
    const hashes = [...this.#acknowledged.keys()];
    for (let start = 0; start < hashes.length; start += 10_000) {
      assertEquals([...await remote.lacking(hashes.slice(start, start + 10_000))], [], "Acknowledged chunks are gone");
    }
    let bytes = 0;
    for (let start = 0; start < hashes.length; start += 500) {
      for await (const frame of remote.frames(hashes.slice(start, start + 500))) bytes += frame.length;
    }
    assert(bytes > 0);
    return { kills: this.#kills, missed: this.#missed, chunks: hashes.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#stack.disposeAsync();
  }

  /** Runs a command; says whether it, or the server under it, was ended in the middle and it did not complete. */
  async #run(command: "push" | "pull", target: typeof targets[number]): Promise<boolean> {
    const random = this.#random;
    const [victim, , at] = target.split(" ");
    this.#relay.heal();
    const client = this.#spawn(command);
    if (at !== command) return !await this.#succeeded(client, command);
    const position = random.below(this.#usual[command]);
    const delayMs = random.below(3) === 0 ? random.below(120) : 0;
    const reached = this.#relay.passed(position);
    const ended = client.status.then(() => false);
    let restarted: Promise<void> | undefined;
    if (await Promise.race([reached.then(() => true), ended])) {
      // Between two bytes of the wire much happens on the disk: a point in time hits that.
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (victim === "client") kill(client);
      else restarted = this.#restart();
    }
    const [done] = await Promise.all([this.#succeeded(client, command), restarted]);
    if (done && restarted === undefined) this.#missed++;
    else this.#kills[target]++;
    return !done;
  }

  /** Runs the command again after a kill: it completes, and moves nothing that had arrived. */
  async #complete(command: "push" | "pull", killed: boolean): Promise<void> {
    if (!killed) return;
    this.#relay.heal();
    const lacking = command === "push" ? await this.#lackingBytes() : await this.#missingBytes();
    const output = await this.#spawn(command).output();
    const stderr = new TextDecoder().decode(output.stderr);
    assert(output.success, `${command} after a kill ended with ${output.code}: ${stderr}`);
    const { sentBytes, fetchedBytes } = JSON.parse(new TextDecoder().decode(output.stdout));
    const moved = sentBytes + fetchedBytes;
    assert(moved <= lacking, `${command} moved ${moved} bytes where ${lacking} were lacking`);
  }

  /** How many bytes of the folder the server does not hold. */
  async #lackingBytes(): Promise<number> {
    using http = new HttpClient({ origin: this.#server.url });
    const remote = new HttpRemote(http, { origin: this.#server.url, space: "default", retry: retryAtOnce });
    const chunks = chunksOf(this.#here);
    const lacking = chunks.size === 0 ? [] : await remote.lacking([...chunks.keys()]);
    return [...lacking].reduce((sum, hash) => sum + chunks.get(hash)!, 0);
  }

  /** How many bytes the other folder lacks, its own and those that were staged left out; the last one may be torn. */
  #missingBytes(): number {
    const chunks = chunksOf(this.#here);
    for (const hash of chunksOf(this.#there).keys()) chunks.delete(hash);
    const wanted = chunks.values().reduce((sum, length) => sum + length, 0);
    for (const hash of stagedChunks(this.#there)) chunks.delete(hash);
    const missing = chunks.values().reduce((sum, length) => sum + length, 0);
    return Math.min(wanted, missing);
  }

  async #restart(): Promise<void> {
    await this.#server.end("SIGKILL");
    this.#server = await fromSource.serve(this.#data, ["--port", String(this.#port)]);
  }

  async #succeeded(client: Deno.ChildProcess, command: "push" | "pull"): Promise<boolean> {
    const { success, signal, stderr, code } = await client.output();
    // Half of it: what is moved differs from round to round, and a kill that comes too late shows nothing.
    if (success) this.#usual[command] = Math.ceil((this.#relay.up + this.#relay.down) / 2);
    const cut = signal !== null || code === 1 || code === 137;
    assert(success || cut, `${command} ended with ${code}: ${new TextDecoder().decode(stderr)}`);
    return success;
  }

  #spawn(command: "push" | "pull"): Deno.ChildProcess {
    const folder = command === "push" ? this.#here : this.#there;
    const args = ["run", "--allow-all", "--no-check", "--cached-only", `${sourceRoot}main.ts`, command, folder];
    args.push("--remote", this.#relay.url, "--json", "--confirm-deletes", "100000");
    return new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  }

  #acknowledge(): void {
    for (const [hash, length] of chunksOf(this.#here)) this.#acknowledged.set(hash, length);
  }

  /** Every file is as it was before or as it is to be. */
  #checkNothingHalf(before: readonly string[]): void {
    const whole = new Set([...before, ...folderFacts(this.#here)].map(withoutSettings));
    for (const fact of folderFacts(this.#there)) {
      if (!fact.includes("/ ")) assert(whole.has(withoutSettings(fact)), `A file is neither old nor new: ${fact}`);
    }
  }

  #checkTidy(): void {
    for (const folder of [this.#here, this.#there]) {
      const names = [...Deno.readDirSync(`${folder}/.dfs`)].map(({ name }) => name);
      assert(!names.includes("staging"), `Staged files are left in ${folder}`);
      assert(!folderFacts(folder).some((fact) => fact.includes(".dfs-staged-")), `Staged files are left in ${folder}`);
    }
  }

  #place(round: number): string {
    return `Seed ${this.#options.seed}, round ${round}`;
  }
}

/** A fact without permissions and time: a file that keeps its content gets these one after the other. */
function withoutSettings(fact: string): string {
  return fact.replace(/ \d+ -?\d+ (\d+ [0-9a-f]{32})$/, " $1");
}

/** Ends a process at once, unless it ended before. */
function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
  }
}

/** The chunks of all files in a folder with their lengths; dfs's own state left out. */
function chunksOf(folder: string): Map<Hash, number> {
  const chunks = new Map<Hash, number>();
  const pending = [folder];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const { name, isDirectory, isFile } of Deno.readDirSync(current)) {
      if (isDirectory && name !== ".dfs") pending.push(`${current}/${name}`);
      if (isFile) addChunks(chunks, `${current}/${name}`);
    }
  }
  return chunks;
}

function addChunks(chunks: Map<Hash, number>, file: string): void {
  const { manifest } = cutContent(Deno.readFileSync(file));
  for (let index = 0; index < manifest.length; index++) chunks.set(manifest.hash(index), manifest.chunkLength(index));
}

/** The chunks that lie whole in the staging folder. */
function stagedChunks(folder: string): Hash[] {
  const staged = new Map<Hash, number>();
  try {
    for (const { name, isFile } of Deno.readDirSync(`${folder}/.dfs/staging`)) {
      if (isFile) addChunks(staged, `${folder}/.dfs/staging/${name}`);
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return [...staged.keys()];
}

if (import.meta.main) {
  const { rounds, seed } = parseArgs(Deno.args, { string: ["rounds", "seed"], default: { rounds: "200", seed: "1" } });
  const log = (line: string) => console.log(line);
  console.log(JSON.stringify(await killRounds({ rounds: Number(rounds), seed: Number(seed), log })));
}
