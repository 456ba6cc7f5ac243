import { Failure, parentPath, type SafePath } from "../../lib/core/mod.ts";
import type { SyncReport } from "../../lib/client/mod.ts";
import type { MetadataStore } from "../../lib/metadata/mod.ts";
import { conflictPolicies } from "../../lib/sync/reconcile/mod.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { drawDecision, noteDecision } from "./draw_decision.ts";
import { diskFaults, drawIncidents, type Incidents, noIncidents } from "./incidents.ts";
import { reportLines, type RunOrder } from "./run_order.ts";
import { asIs, withMethods } from "./layers.ts";
import { type ClientLayers, Machine } from "./machine.ts";
import { drawRule, gracesMs, namedChunks } from "./maintenance.ts";
import { Oracle } from "./oracle.ts";
import { Crash, Process, type ProcessFate, quietFate } from "./process.ts";
import { restoreSomething } from "./restores.ts";
import { type AskOptions, type LateRequests, simulatedRemote } from "./simulated_remote.ts";
import { CutConnection, quietServer, SimulatedServer, type StoreLayers } from "./simulated_server.ts";
import { differences, folderFacts, hidesIgnored, ignoredBy, type TreeFacts } from "./tree_facts.ts";
import { serverFacts } from "./server_facts.ts";
import { type WatchClock, WorldClock } from "./world_clock.ts";

/** Parts of the program exchanged for weaker ones. */
export type Weakening = Partial<ClientLayers & StoreLayers>;

const space = "default";
const dayMs = 24 * 3600 * 1000;
/** How often all machines run at most before nothing must be left to do. */
const settlingRoundsMax = 10;
const strayMs = [0, 1, 5, 40, 900, 2500, 60_000];

/** Some machines, a server, and all that may befall them, as a seed says. */
export class World {
  readonly oracle: Oracle;
  readonly trace: string[] = [];
  readonly #random: SeededRandom;
  readonly #clock = new WorldClock();
  readonly #server: SimulatedServer;
  readonly #serverClock: WatchClock = this.#clock.watch();
  readonly #machines: Machine[] = [];
  readonly #late: LateRequests = [];
  /** Runs that were begun while another was under way. */
  readonly #inner = new Set<Promise<void>>();
  readonly #busy = new Set<Machine>();
  /** Whether each user keeps to a folder of their own; then there is nothing to disagree about. */
  readonly #apart: boolean;
  /** Whether there are rules of retention. */
  readonly #retains: boolean;
  #commits = 0;

  constructor(seed: number, weakening: Weakening = {}) {
    this.#random = new SeededRandom(seed);
    this.#apart = this.#random.below(4) === 0;
    this.#retains = this.#random.below(2) === 0;
    this.oracle = new Oracle(this.#note);
    this.#server = this.#makeServer(weakening);
    const layers = { folder: asIs, workspace: asIs, remote: asIs, ...weakening };
    for (let index = 0; index < 2 + this.#random.below(3); index++) {
      const options = { name: `m${index}`, clock: this.#clock.watch(), random: this.#random, apart: this.#apart };
      const machine = new Machine({ ...options, layers });
      this.#machines.push(machine);
      this.oracle.watch(machine);
    }
  }

  /** Lets everything happen, and then everything heal. */
  async live(): Promise<void> {
    await this.#server.metadata.createSpace(space);
    const turns = 4 + this.#random.below(14);
    for (let turn = 0; turn < turns && this.oracle.violations.length === 0; turn++) await this.#turn();
    if (this.oracle.violations.length === 0) await this.#settle();
  }

  readonly #note = (line: string): void => {
    this.trace.push(line);
  };

  #makeServer({ metadata = asIs, chunks = asIs }: Weakening): SimulatedServer {
    const watched = (store: MetadataStore): MetadataStore => {
      const weak = metadata(store);
      return withMethods(weak, { commit: this.oracle.watchCommits(weak, () => this.#server) });
    };
    const above = { metadata: watched, chunks };
    return new SimulatedServer({ clock: this.#serverClock, random: this.#random, trace: this.#note, above });
  }

  async #turn(): Promise<void> {
    const random = this.#random;
    const machine = random.pick(this.#machines);
    this.#clock.pass(random.pick(strayMs));
    for (let acts = random.below(5); acts > 0; acts--) this.#userActs(machine);
    if (random.below(12) === 0) this.#jump(machine.name, machine.clock);
    if (random.below(25) === 0 && !this.#apart) this.#forget(machine);
    await this.#maintain();
    if (random.below(2) === 0) await this.#decide(machine);
    if (random.below(12) === 0 && !this.#apart) await this.#restore(machine);
    const policy = random.pick([...conflictPolicies, "manual"] as const);
    const direction = random.pick(["sync", "sync", "sync", "sync", "push", "pull"] as const);
    await this.#run(machine, { direction, policy: () => policy, incidents: drawIncidents(random, machine.files) });
  }

  /** Begins to collect garbage beside the run that is under way. */
  #collectBeside(): void {
    if (this.#server.collects) return;
    const graceMs = this.#random.pick(gracesMs);
    void this.#beside(() => this.#collect(graceMs));
  }

  /** Lets the user decide a conflict with dfs, if it knows of any. */
  async #decide(machine: Machine): Promise<void> {
    const random = this.#random;
    const process = this.#process({ ...quietFate, crashAt: random.below(5) === 0 ? 1 + random.below(6) : Infinity });
    const found = machine.conflicts(process);
    if (found.conflicts.length === 0) return;
    const drawn = drawDecision(found, random);
    const { path, conflicts, resolution } = drawn;
    this.#note(`user of ${machine.name} decides about ${path}: ${resolution.take}`);
    noteDecision(drawn, machine, this.oracle);
    const before = folderFacts(machine.files.root);
    try {
      await machine.decide({ process, conflicts, resolution, onViolation: (text) => this.oracle.violation(text) });
    } catch (cause) {
      if (!(cause instanceof Crash)) this.#explain(machine.name, cause, noIncidents);
    }
    this.#noteChanges(machine, before);
    if (this.#busy.has(machine)) return;
    if (process.crashed) this.#crashed(machine);
    this.oracle.look(machine, machine.merging);
  }

  /** Lets a user have back on the server what lived there. */
  async #restore(machine: Machine): Promise<void> {
    const faults = this.#random.below(3) === 0 ? 0.3 : 0;
    try {
      const found = await restoreSomething({
        ...this.#asking(this.#process(quietFate)),
        fate: { faults, late: true },
        id: `restore-${++this.#commits}`,
        client: machine.name,
      });
      if (found.length > 0) this.oracle.violation(`I1: a restore left ${found.slice(0, 5)}`);
    } catch (cause) {
      this.#explain(machine.name, cause, { ...noIncidents, networkFaults: faults });
    }
  }

  #userActs(machine: Machine, act: () => string = () => machine.user.act()): void {
    const before = folderFacts(machine.files.root);
    this.oracle.userActs(machine, () => this.#note(`user of ${machine.name} ${act()}`));
    this.#noteChanges(machine, before);
  }

  /** Notes in which directories something is otherwise than before. */
  #noteChanges(machine: Machine, before: TreeFacts): void {
    const after = folderFacts(machine.files.root);
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(path) !== after.get(path)) machine.changed?.add(parentPath(path as SafePath));
    }
  }

  #jump(name: string, clock: WatchClock): void {
    const ms = this.#random.pick([-dayMs, dayMs]);
    clock.jump(ms);
    this.#note(`clock of ${name} jumps by ${ms} ms`);
  }

  /** What befalls the server between the runs. */
  async #maintain(): Promise<void> {
    const random = this.#random;
    if (random.below(15) === 0) this.#jump("the server", this.#serverClock);
    if (this.#retains && random.below(5) === 0) {
      const rule = drawRule(random);
      await this.#server.metadata.setRetention(space, rule);
      this.#note(`the server keeps ${JSON.stringify(rule)}`);
    }
    if (random.below(5) === 0) await this.#collect(random.pick(gracesMs));
  }

  /** Collects garbage, and looks whether nothing went that is needed. */
  async #collect(graceMs: number): Promise<void> {
    const server = this.#server;
    const startedMs = this.#serverClock.now();
    this.#note(`garbage is collected with a grace of ${graceMs} ms`);
    try {
      const { versionsRemoved, chunksCondemned, chunksSpared, chunksRemoved } = await server.collect({ graceMs });
      const chunks = `${chunksCondemned} chunks condemned, ${chunksSpared} spared, ${chunksRemoved} removed`;
      this.#note(`  ${versionsRemoved} versions removed, ${chunks}`);
    } catch (cause) {
      if (!(cause instanceof CutConnection)) return this.#explain("the collection", cause, noIncidents);
      this.#note(`  the collection ends: ${cause.message}`);
    }
    await this.oracle.collected(server, Math.max(startedMs, this.#serverClock.now()));
    await this.oracle.checkHistory(server);
  }

  #forget(machine: Machine): void {
    machine.memory.forget();
    machine.changed = undefined;
    this.#note(`${machine.name} loses its state`);
  }

  /** Runs dfs once on a machine, with whatever happens meanwhile, and looks at what came of it. */
  async #run(machine: Machine, order: RunOrder): Promise<SyncReport | undefined> {
    this.#busy.add(machine);
    const { direction, policy, incidents } = order;
    const changed = this.#random.below(2) === 0 ? machine.changed : undefined;
    machine.changed = new Set();
    this.#note(`${machine.name} runs ${direction} with ${policy()}${changed ? `, changed: ${[...changed]}` : ""}`);
    let commits = 0;
    this.#server.meet({
      crashAt: incidents.serverCrashAt,
      fullAt: incidents.serverFullAt,
      onCommit: () => {
        if (++commits === incidents.collectAtCommit) this.#collectBeside();
      },
    });
    let disturbed = false;
    const fate = this.#fateOf(machine, incidents, () => {
      disturbed = true;
    });
    const process = this.#process(fate);
    const remote = simulatedRemote({
      ...this.#asking(process),
      fate: { faults: incidents.networkFaults, late: !this.#apart },
      onApplied: (records) => this.oracle.acknowledge(records),
    });
    let report: SyncReport | undefined;
    try {
      report = await machine.run({
        direction,
        process,
        remote,
        options: { conflicts: { rules: [], default: policy() }, newId: () => `commit-${++this.#commits}`, changed },
        onViolation: (text) => this.oracle.violation(text),
      });
    } catch (cause) {
      if (!process.crashed) this.#explain(machine.name, cause, incidents);
    }
    if (order.inner !== true) await Promise.all(this.#inner);
    this.#server.meet(quietServer);
    if (process.crashed) {
      report = undefined;
      this.#crashed(machine);
    }
    if (!report?.synchronized) machine.changed = undefined;
    machine.merging ||= policy() === "merge";
    this.oracle.look(machine, machine.merging);
    if (report?.synchronized && policy() !== "merge") machine.merging = false;
    if (report !== undefined) await this.#checkReport(machine, report, disturbed);
    this.#busy.delete(machine);
    return report;
  }

  #process(fate: ProcessFate): Process {
    return new Process(fate, { clock: this.#clock, trace: this.#note });
  }

  #asking(process: Process): Omit<AskOptions, "fate"> {
    return { server: this.#server, process, random: this.#random, late: this.#late, trace: this.#note };
  }

  #fateOf(machine: Machine, incidents: Incidents, disturb: () => void): ProcessFate {
    const { newestInode } = machine.files;
    let [acted, turns] = [false, 0];
    const onUser = (step: number, what: string): void => {
      if (acted || step < incidents.userAt) return;
      // Between the last look at a file and the renaming over it, nobody can be stopped.
      const applying = machine.process?.phase === "apply";
      if (applying && !what.startsWith("stat")) return;
      acted = true;
      disturb();
      if (!applying && this.#random.below(4) === 0) return void this.#beside(() => this.#decide(machine));
      this.#userActs(machine, applying ? () => machine.user.interfere(newestInode) : undefined);
    };
    return {
      crashAt: incidents.crashAt,
      onLook: onUser,
      onPause: async (step, what) => {
        onUser(step, what);
        if (this.#late.length > 0 && this.#random.below(8) === 0) await this.#deliver();
        if (++turns === incidents.otherAt) await this.#runOther();
        if (turns === incidents.collectAt) this.#collectBeside();
        await this.#server.yieldTurns();
      },
      ...diskFaults(incidents, disturb),
    };
  }

  /** Lets some other machine run while one is at work. */
  async #runOther(): Promise<void> {
    const idle = this.#machines.filter((machine) => !this.#busy.has(machine));
    if (idle.length === 0) return;
    const other = this.#random.pick(idle);
    this.#userActs(other);
    const order: RunOrder = { direction: "sync", policy: () => "keep-both", incidents: noIncidents, inner: true };
    await this.#beside(async () => {
      await this.#run(other, order);
    });
  }

  /** Does something beside the run that is under way; that does not come to its end before. */
  async #beside(work: () => Promise<void>): Promise<void> {
    const done = work();
    this.#inner.add(done);
    await done.finally(() => this.#inner.delete(done));
  }

  async #deliver(): Promise<void> {
    const [request] = this.#late.splice(this.#random.below(this.#late.length), 1);
    this.#note("  a late request arrives");
    await request!();
  }

  /** What a run may end with is a failure that names itself; everything else is a defect. */
  #explain(who: string, cause: unknown, incidents: Incidents): void {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    this.#note(`  ${who} ends with ${text}`);
    const fair = cause instanceof Failure && (cause.kind !== "corrupt" || incidents.networkFaults > 0);
    if (!fair) this.oracle.violation(`A run ended with ${text}\n${cause instanceof Error ? cause.stack : ""}`);
  }

  /** The program ended; now and then the whole machine did, with whoever watched the folder. */
  #crashed(machine: Machine): void {
    if (this.#random.below(2) === 0) return;
    machine.changed = undefined;
    const lost = machine.files.crash(this.#random);
    const undone = this.#apart ? 0 : machine.memory.crash(this.#random);
    this.#note(`  ${machine.name} goes down: ${lost}, ${undone} changes of its state undone`);
  }

  async #checkReport(machine: Machine, report: SyncReport, disturbed: boolean): Promise<void> {
    const { revision, synchronized, conflicts } = report;
    reportLines(machine.name, report).forEach(this.#note);
    if (this.#apart && conflicts.length > 0) {
      this.oracle.violation(`Nobody disagrees, and yet there is a conflict at ${conflicts.map(({ path }) => path)}`);
    }
    if (!synchronized || disturbed) return;
    // A collection beside the run may have removed what the space was like at its end.
    const { oldestWhole } = await this.#server.metadata.retention(space);
    const found = revision < oldestWhole ? [] : await this.#differences(machine, revision);
    if (found.length > 0) this.oracle.violation(`I9: ${machine.name} is not synchronized: ${found.slice(0, 5)}`);
  }

  async #differences(machine: Machine, revision: number): Promise<string[]> {
    const here: TreeFacts = folderFacts(machine.files.root);
    return differences(here, await serverFacts(this.#server, revision), ignoredBy(machine.files));
  }

  /** Everything is well again; all machines run until nothing is left to do. */
  async #settle(): Promise<void> {
    this.#note("everything heals");
    while (this.#late.length > 0) await this.#deliver();
    const policy = this.#random.pick(conflictPolicies.filter((name) => name !== "manual"));
    const order: RunOrder = { direction: "sync", policy: () => policy, incidents: noIncidents };
    for (let round = 1, changed = true; changed && this.oracle.violations.length === 0; round++) {
      if (round > settlingRoundsMax) return this.oracle.violation("I2: the machines do not come to rest");
      changed = false;
      for (const machine of this.#machines) {
        this.#clock.pass(3000);
        const report = await this.#run(machine, order);
        if (report === undefined || report.changes.length > 0 || !report.synchronized) changed = true;
        if (round > 2) this.#makeWay(machine, report?.problems ?? []);
      }
    }
    if (this.oracle.violations.length > 0) return;
    if (this.#random.below(2) === 0) await this.#collectAll();
    await this.#checkRest(order);
    await this.oracle.checkHistory(this.#server);
  }

  /** Collects all garbage there is, while nobody does anything. */
  async #collectAll(): Promise<void> {
    // What came while the clock was ahead is not old enough before.
    this.#serverClock.jump(100 * dayMs);
    await this.#collect(0);
    const { chunks } = await this.#server.chunks.stats();
    const named = await namedChunks(this.#server.metadata);
    if (chunks !== named) this.oracle.violation(`I1: ${named} chunks are named, and ${chunks} are kept`);
  }

  /** A folder that holds ignored things cannot give way to a file; dfs says so, and the user takes it away. */
  #makeWay(machine: Machine, problems: readonly { readonly path: string }[]): void {
    for (const { path } of problems) {
      if (hidesIgnored(machine.files, path)) this.#userActs(machine, () => machine.user.remove(path));
    }
  }

  async #checkRest(order: RunOrder): Promise<void> {
    const before = await this.#server.metadata.head(space);
    const { moved } = this.#server;
    for (const machine of this.#machines) {
      const report = await this.#run(machine, order);
      const idle = report?.changes.length === 0 && report.sentBytes + report.fetchedBytes === 0;
      if (!idle) this.oracle.violation(`I3: ${machine.name} has something to do again`);
      const found = await this.#differences(machine, before!.revision);
      if (found.length > 0) this.oracle.violation(`I2: ${machine.name} differs: ${found.slice(0, 5)}`);
    }
    const after = await this.#server.metadata.head(space);
    if (after?.revision !== before?.revision) this.oracle.violation("I3: a revision was made for nothing");
    if (this.#server.moved !== moved) this.oracle.violation("I3: content was moved for nothing");
  }
}
