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
 * Edits one folder and carries that to another by push and pull, or edits both and carries changes both ways by sync, by
 * the program as a user runs it, and ends client or server with SIGKILL at a random point of it. After every kill the next
 * run must complete, and move nothing again that had arrived; no file is ever seen half written; both folders end up
 * alike; everything acknowledged, written down outside, is there in the end.
 */
export async function killRounds(options: KillOptions): Promise<KillCounts> {
  await using run = await KillRun.make(options);
  for (let round = 1; round <= options.rounds; round++) await run.round(round);
  return await run.finish();
}

/** Programs that may be ended, and what they are at. */
const targets = [
  ...["client in push", "server in push", "client in pull", "server in pull"] as const,
  ...["client in sync", "server in sync"] as const,
];

type Target = typeof targets[number];

/** A run of the program. */
interface Step {
  readonly command: "push" | "pull" | "sync";
  /** The folder it runs in. */
  readonly folder: string;
  /** The folder whose content the server has, or is to get. */
  readonly other: string;
}

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
  readonly #kills = Object.fromEntries(targets.map((target) => [target, 0])) as Record<Target, number>;
  #missed = 0;
  /** The chunks of everything that the server acknowledged. */
  readonly #acknowledged = new Map<Hash, number>();
  /** How many bytes the last run moved, to place the next kill within. */
  #usual = { push: 4000, pull: 4000, sync: 4000 };

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

  /** Edits, and carries that over; one of the programs is ended on the way. */
  async round(round: number): Promise<void> {
    const random = this.#random;
    const target = random.pick(targets);
    removeCopies(this.#here);
    editFolder(this.#here, random, { edits: 5 + random.below(40), bytesMax: 1_500_000 });
    const toBeCompleted = target.endsWith("sync") ? await this.#syncBoth(target) : await this.#carryOver(target);
    assertEquals(folderFacts(this.#there), folderFacts(this.#here), `${this.#place(round)}: the folders differ`);
    this.#checkTidy();
    this.#options.log?.(`${round}: ${target}, ${toBeCompleted ? "to be completed" : "completed"}`);
  }

  /** One push and one pull; says whether one of them had to be completed. */
  async #carryOver(target: Target): Promise<boolean> {
    const push: Step = { command: "push", folder: this.#here, other: this.#here };
    const pull: Step = { command: "pull", folder: this.#there, other: this.#here };
    const pushKilled = await this.#run(push, target);
    await this.#complete(push, pushKilled);
    this.#acknowledge(this.#here);
    const pullKilled = await this.#run(pull, target);
    await this.#complete(pull, pullKilled);
    return pushKilled || pullKilled;
  }

  /** Edits the other folder, too, and carries changes both ways; says whether a run had to be completed. */
  async #syncBoth(target: Target): Promise<boolean> {
    const random = this.#random;
    editFolder(this.#there, random, { edits: 5 + random.below(20), bytesMax: 1_500_000 });
    const here: Step = { command: "sync", folder: this.#here, other: this.#there };
    const there: Step = { command: "sync", folder: this.#there, other: this.#here };
    const steps = [here, there, here];
    const disturbed = random.below(steps.length);
    let killed = false;
    for (const [index, step] of steps.entries()) {
      const written = chunksOf(step.folder);
      const now = await this.#run(step, index === disturbed ? target : undefined);
      await this.#complete(step, now);
      for (const [hash, length] of written) this.#acknowledged.set(hash, length);
      killed ||= now;
    }
    checkCopies(this.#here);
    return killed;
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

  /**
   * Runs a command; says whether it, or the server under it, was ended in the middle and it did not complete.
   *
   * @param target What to end, if this is what it is at.
   */
  async #run(step: Step, target?: Target): Promise<boolean> {
    const random = this.#random;
    const before = folderFacts(step.folder);
    this.#relay.heal();
    const client = this.#spawn(step);
    if (target === undefined || !target.endsWith(step.command)) return !await this.#succeeded(client, step);
    const position = random.below(this.#usual[step.command]);
    const delayMs = random.below(3) === 0 ? random.below(120) : 0;
    const reached = this.#relay.passed(position);
    const ended = client.status.then(() => false);
    let restarted: Promise<void> | undefined;
    if (await Promise.race([reached.then(() => true), ended])) {
      // Between two bytes of the wire much happens on the disk: a point in time hits that.
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (target.startsWith("client")) kill(client);
      else restarted = this.#restart();
    }
    const [done] = await Promise.all([this.#succeeded(client, step), restarted]);
    if (done && restarted === undefined) this.#missed++;
    else this.#kills[target]++;
    checkNothingHalf(step, before);
    return !done;
  }

  /** Runs the command again after a kill: it completes, and moves nothing that had arrived. */
  async #complete(step: Step, killed: boolean): Promise<void> {
    if (!killed) return;
    this.#relay.heal();
    const { command, folder, other } = step;
    const lacking = (command === "pull" ? 0 : await this.#lackingBytes(folder)) + missingBytes(folder, other);
    const output = await this.#spawn(step).output();
    const stderr = new TextDecoder().decode(output.stderr);
    assert(output.success, `${command} after a kill ended with ${output.code}: ${stderr}`);
    const { sentBytes, fetchedBytes } = JSON.parse(new TextDecoder().decode(output.stdout));
    const moved = sentBytes + fetchedBytes;
    assert(moved <= lacking, `${command} moved ${moved} bytes where ${lacking} were lacking`);
  }

  /** How many bytes of a folder the server does not hold. */
  async #lackingBytes(folder: string): Promise<number> {
    using http = new HttpClient({ origin: this.#server.url });
    const remote = new HttpRemote(http, { origin: this.#server.url, space: "default", retry: retryAtOnce });
    const chunks = chunksOf(folder);
    const lacking = chunks.size === 0 ? [] : await remote.lacking([...chunks.keys()]);
    return [...lacking].reduce((sum, hash) => sum + chunks.get(hash)!, 0);
  }

  async #restart(): Promise<void> {
    await this.#server.end("SIGKILL");
    this.#server = await fromSource.serve(this.#data, ["--port", String(this.#port)]);
  }

  async #succeeded(client: Deno.ChildProcess, { command }: Step): Promise<boolean> {
    const { success, signal, stderr, code } = await client.output();
    // Half of it: what is moved differs from round to round, and a kill that comes too late shows nothing.
    if (success) this.#usual[command] = Math.ceil((this.#relay.up + this.#relay.down) / 2);
    const cut = signal !== null || code === 1 || code === 137;
    assert(success || cut, `${command} ended with ${code}: ${new TextDecoder().decode(stderr)}`);
    return success;
  }

  #spawn({ command, folder }: Step): Deno.ChildProcess {
    const args = ["run", "--allow-all", "--no-check", "--cached-only", `${sourceRoot}main.ts`, command, folder];
    args.push("--remote", this.#relay.url, "--json", "--confirm-deletes", "100000");
    return new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  }

  #acknowledge(folder: string): void {
    for (const [hash, length] of chunksOf(folder)) this.#acknowledged.set(hash, length);
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

/** Makes sure that every file in a folder is as it was before or as it is to be; a conflict copy has a name of its own. */
function checkNothingHalf({ command, folder, other }: Step, before: readonly string[]): void {
  const told = command === "sync" ? contentOf : withoutSettings;
  const whole = new Set([...before, ...folderFacts(other)].map(told));
  for (const fact of folderFacts(folder)) {
    if (!fact.includes("/ ")) assert(whole.has(told(fact)), `A file is neither old nor new: ${fact}`);
  }
}

/** A fact without permissions and time: a file that keeps its content gets these one after the other. */
function withoutSettings(fact: string): string {
  return fact.replace(/ \d+ -?\d+ (\d+ [0-9a-f]{32})$/, " $1");
}

/** The content that a fact tells of, or the target of a link. */
function contentOf(fact: string): string {
  return /(\d+ [0-9a-f]{32}| -> .*)$/s.exec(fact)?.[1] ?? fact;
}

/** Makes sure that no content that lost a name lies beside it twice. */
function checkCopies(folder: string): void {
  const seen = new Set<string>();
  for (const fact of folderFacts(folder)) {
    if (!fact.includes(".conflict-")) continue;
    const copy = `${fact.slice(0, fact.lastIndexOf(".conflict-"))} ${contentOf(fact)}`;
    assert(!seen.has(copy), `A conflict copy is there twice: ${fact}`);
    seen.add(copy);
  }
}

/** Does away with conflict copies, as a user does who has seen them. */
function removeCopies(folder: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (name.includes(".conflict-")) Deno.removeSync(`${folder}/${name}`, { recursive: true });
    else if (isDirectory && name !== ".dfs") removeCopies(`${folder}/${name}`);
  }
}

/** How many bytes a folder lacks of another, those that were staged left out; the last one may be torn. */
function missingBytes(folder: string, other: string): number {
  const chunks = chunksOf(other);
  for (const hash of chunksOf(folder).keys()) chunks.delete(hash);
  for (const hash of stagedChunks(folder)) chunks.delete(hash);
  return chunks.values().reduce((sum, length) => sum + length, 0);
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
