import { assert, assertEquals } from "@std/assert";
import { HttpRemote, type SyncReport } from "../../lib/client/mod.ts";
import type { SafePath } from "../../lib/core/mod.ts";
import { HttpClient } from "../../lib/network/client/mod.ts";
import { cutContent } from "./cut_content.ts";
import { folderFacts } from "./folder_facts.ts";
import { Replica, retryAtOnce } from "./replica.ts";
import { startServer } from "./test_server.ts";

/** How many rounds of runs may go by before nothing changes any more. */
const roundsMax = 6;

/** Options of {@linkcode Scenario.settle}. */
export interface SettleOptions {
  /** Replicas in the order in which they run; all, in the order they were made, unless told. */
  readonly order?: readonly Replica[];
  /** What each run is given. */
  readonly run?: Parameters<Replica["sync"]>[0];
  /** Whether contents may be gone because they were merged into one. */
  readonly merges?: boolean;
}

/** A server, the replicas of its space, and what has to be true of them when everybody has had a turn. */
export class Scenario implements AsyncDisposable {
  /** Address of the server. */
  readonly url: string;
  readonly replicas: readonly Replica[];
  readonly #stack: AsyncDisposableStack;
  /** Every content that lay in a replica, and where it was seen first. */
  readonly #written = new Map<string, SafePath>();
  /** Every path at which a file lay. */
  readonly #paths = new Set<SafePath>();

  private constructor(url: string, replicas: readonly Replica[], stack: AsyncDisposableStack) {
    this.url = url;
    this.replicas = replicas;
    this.#stack = stack;
  }

  /** Makes a server with replicas, all of which have some files. */
  static async make(files: Readonly<Record<string, string>> = {}, replicas = 2): Promise<Scenario> {
    await using stack = new AsyncDisposableStack();
    const { url } = stack.use(await startServer());
    return await Scenario.on(url, stack.move(), { files, replicas });
  }

  /** As {@linkcode Scenario.make}, with a server that is there; what it hangs on is disposed of with the scenario. */
  static async on(
    url: string,
    owned: AsyncDisposableStack,
    { files = {}, replicas = 2 }: { readonly files?: Readonly<Record<string, string>>; readonly replicas?: number } =
      {},
  ): Promise<Scenario> {
    await using stack = owned;
    const made: Replica[] = [];
    for (let index = 0; index < replicas; index++) made.push(stack.use(await Replica.make(url)));
    const scenario = new Scenario(url, made, stack.move());
    scenario.a.write(files);
    if (Object.keys(files).length > 0) { for (const replica of made) await replica.sync(); }
    scenario.note();
    return scenario;
  }

  get a(): Replica {
    return this.replicas[0]!;
  }

  get b(): Replica {
    return this.replicas[1]!;
  }

  get c(): Replica {
    return this.replicas[2]!;
  }

  /** Writes down what lies in the replicas: from here on none of it may get lost. */
  note(): void {
    for (const { path: root } of this.replicas) {
      for (const path of filesOf(root)) {
        this.#paths.add(path);
        const content = contentOf(`${root}/${path}`);
        if (!this.#written.has(content)) this.#written.set(content, path);
      }
    }
  }

  /**
   * Lets every replica run in turn until a whole round changes nothing, and makes sure of what must be true then: all are
   * equal, one more run neither makes a revision nor moves content, and everything that lay in one of them before is live
   * or in history. Gives the reports of all runs.
   */
  async settle(options: SettleOptions = {}): Promise<SyncReport[]> {
    this.note();
    const reports: SyncReport[] = [];
    const order = options.order ?? this.replicas;
    for (let round = 1;; round++) {
      assert(round <= roundsMax, "The replicas do not come to rest");
      const before = reports.length;
      for (const replica of order) reports.push(await replica.sync(options.run));
      if (reports.slice(before).every(({ changes }) => changes.length === 0)) break;
    }
    this.note();
    await this.check(options);
    return reports;
  }

  /** Makes sure that everybody is at rest, all are equal, and nothing that was noted is lost. */
  async check({ order = this.replicas, merges = false, run }: SettleOptions = {}): Promise<void> {
    const revisions = new Set<number>();
    for (const replica of order) {
      const { changes, conflicts, problems, sentBytes, fetchedBytes, synchronized, revision } = await replica.sync(run);
      assertEquals({ changes, conflicts, problems, sentBytes, fetchedBytes, synchronized }, quiet);
      assertEquals(folderFacts(replica.path), folderFacts(order[0]!.path), "The replicas differ");
      assert(
        ![...Deno.readDirSync(replica.at(".dfs"))].some(({ name }) => name === "staging"),
        "Something stays staged",
      );
      revisions.add(revision);
    }
    assertEquals(revisions.size, 1, "A run that changed nothing made a revision");
    if (!merges) await this.#checkNothingLost(order[0]!);
  }

  /** The text of every file of the first replica, by path; conflict copies under the name of the replica they are of. */
  tree(): Record<string, string> {
    return this.a.tree();
  }

  async #checkNothingLost(replica: Replica): Promise<void> {
    const live = contentsIn(replica);
    const gone = [...this.#written].filter(([content]) => !live.has(content));
    if (gone.length === 0) return;
    using http = new HttpClient({ origin: this.url });
    const remote = new HttpRemote(http, { origin: this.url, space: "default", retry: retryAtOnce });
    const kept = new Set<string>();
    for (const path of this.#paths) {
      for (const { hash } of await remote.history(path)) if (hash !== undefined) kept.add(hash);
    }
    for (const [content, path] of gone) assert(kept.has(content), `What lay at ${path} is lost`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** What a run reports that found nothing to do. */
const quiet = { changes: [], conflicts: [], problems: [], sentBytes: 0, fetchedBytes: 0, synchronized: true };

/** The names of all contents in a folder. */
export function contentsIn({ path: root }: Replica): Set<string> {
  return new Set(filesOf(root).map((path) => contentOf(`${root}/${path}`)));
}

/** Writes a file that bears a time, in seconds since 1970. */
export function writeAt(replica: Replica, path: string, text: string, seconds: number): void {
  replica.write({ [path]: text });
  Deno.utimeSync(replica.at(path), seconds, seconds);
}

/** How conflicts of some runs ended, and at which paths. */
export function conflictsOf(reports: readonly SyncReport[]): string[] {
  return reports.flatMap(({ conflicts }) => conflicts.map(({ path, outcome }) => `${outcome} ${path}`));
}

/** The conflict copies in a folder, by what they hold, sorted. */
export function copiesIn(replica: Replica): string[] {
  return Object.entries(replica.tree()).flatMap(([path, text]) => path.includes(".conflict-") ? [text] : []).sort();
}

/** Everything in a folder but conflict copies. */
export function treeWithoutCopies(replica: Replica): Record<string, string> {
  return Object.fromEntries(Object.entries(replica.tree()).filter(([path]) => !path.includes(".conflict-")));
}

function filesOf(root: string, directory = ""): SafePath[] {
  return [...Deno.readDirSync(`${root}/${directory}`)].flatMap(({ name, isDirectory, isFile }) => {
    const path = `${directory}${name}` as SafePath;
    if (isFile) return [path];
    return isDirectory && name !== ".dfs" ? filesOf(root, `${path}/`) : [];
  });
}

function contentOf(place: string): string {
  return cutContent(Deno.readFileSync(place)).entry.content;
}
