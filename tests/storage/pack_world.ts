import { assert, assertEquals, assertGreaterOrEqual, AssertionError } from "@std/assert";
import { join } from "@std/path";
import { type Clock, type Hash, sha256 } from "../../lib/core/mod.ts";
import type { ChunkStore } from "../../lib/storage/mod.ts";
import { CollectionIndex } from "../../lib/storage/collection_index.ts";
import { nameFrame } from "../../lib/storage/named_frame.ts";
import { packHeadBytes, packIdOf } from "../../lib/storage/pack_file.ts";
import { deadShareMin } from "../../lib/storage/pack_compaction.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { CrashFiles, type CrashFilesOptions, type CrashKind } from "./crash_files.ts";
import { frameOf, noise, prose, putFrames } from "./fixtures.ts";
import { PackProgram } from "./pack_program.ts";
import { tempDirectory } from "./temp_directory.ts";

/** So long a pack becomes: some frames. */
const packBytesMax = 12_000;
const gracesMs = [0, 0, 0, 1, 40, 900];
const passMs = [0, 1, 40, 1000];
/** In how many steps a program crashes that is to crash. */
const stepsMax = 60;

/** All chunks there may be: of one byte, of a few, and too long to share a pack. */
const chunks: readonly Uint8Array<ArrayBuffer>[] = Array.from({ length: 24 }, (_, seed) => {
  const length = seed === 0 ? 1 : 300 + 137 * seed + (seed % 8 === 7 ? packBytesMax : 0);
  return seed % 2 === 0 ? noise(length, seed) : prose(length, seed);
});
const names: readonly Hash[] = chunks.map(sha256);

/** What goes wrong with a program, and after how many more of its steps. */
interface Incident {
  readonly kind: CrashKind | "error";
  stepsLeft: number;
}

/** What a disk says of itself. */
const diskErrors = ["No space left on device (os error 28)", "Input/output error (os error 5)"];

/** Options of {@linkcode PackWorld.make}. */
export type PackWorldOptions = Pick<CrashFilesOptions, "keepsFlushed">;

/**
 * A pack store whose program and machine go down at any point, and what must be true of it: which chunks somebody relies
 * on. What happens is drawn from a seed.
 */
export class PackWorld implements AsyncDisposable {
  readonly #random: SeededRandom;
  #nowMs = Date.UTC(2026, 0, 1);
  readonly #clock: Clock = { now: () => this.#nowMs, monotonic: () => this.#nowMs };
  readonly #root: string;
  readonly #removal: AsyncDisposable;
  #lives = 0;
  /** Bytes of the log of the index that are on the medium. */
  #logFlushed = 0;
  /** What was found to be broken in the middle of a step. */
  #broken: unknown;
  readonly #options: PackWorldOptions;
  /** The files of the program that runs, or ran last. */
  #files: CrashFiles | undefined;
  #program: PackProgram | undefined;
  /** The chunks that something names, each of which was on the medium before. */
  readonly #named = new Set<Hash>();
  /** Those of them that came to be named since they were last read for a collection. */
  #newlyNamed = new Set<Hash>();
  #incident: Incident | undefined;
  /** Whether something could not be read: a chunk that is removed meanwhile is taken out of the sums by a guess. */
  #hadReadError = false;
  #isMeanwhile = false;
  #collecting = false;
  /** What happened, a line each. */
  readonly trace: string[] = [];

  private constructor(
    seed: number,
    directory: { readonly path: string } & AsyncDisposable,
    options: PackWorldOptions,
  ) {
    this.#random = new SeededRandom(seed);
    this.#options = options;
    this.#root = directory.path;
    this.#removal = directory;
  }

  /** A world of which nothing is known but its seed. */
  static async make(seed: number, options: PackWorldOptions = {}): Promise<PackWorld> {
    return new PackWorld(seed, await tempDirectory(), options);
  }

  /** Lets everything happen, and looks whether the store is sound and tidy at the end. */
  async live(): Promise<void> {
    for (let turns = 6 + this.#random.below(14); turns > 0; turns--) await this.#turn();
    this.#incident = undefined;
    await this.#run("collects all", () => this.#collectAll());
    await this.#checkTidy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    await this.#removal[Symbol.asyncDispose]();
  }

  async #turn(): Promise<void> {
    const random = this.#random;
    this.#nowMs += random.pick(passMs);
    if (random.below(3) === 0) this.#drawIncident(stepsMax);
    switch (random.pick(["put", "put", "commit", "commit", "commit", "forget", "collect", "collect", "reopen"])) {
      case "put":
        return await this.#run("puts", () => this.#put(this.#drawFrames()));
      case "commit":
        return await this.#run("commits", () => this.#commit());
      case "forget":
        return this.#forget();
      case "collect": {
        const graceMs = random.pick(gracesMs);
        return await this.#run(`collects with a grace of ${graceMs} ms`, () => this.#collect(graceMs));
      }
      case "reopen":
        await this.#run("closes", () => this.#close());
        if (this.#program === undefined && random.below(3) === 0) this.#loseIndex();
    }
  }

  #drawIncident(stepsMax: number): void {
    const kind = this.#random.pick(["kill", "kill", "power cut", "power cut", "error"] as const);
    this.#incident = { kind, stepsLeft: this.#random.below(stepsMax) };
  }

  /** Runs the program, until it did something or meets an incident; then another one must find everything. */
  async #run(what: string, work: () => Promise<void>): Promise<void> {
    this.trace.push(what);
    try {
      await this.#open();
      await work();
    } catch (cause) {
      if (this.#isUnfair(cause)) throw cause;
    }
    if (this.#broken !== undefined) throw this.#broken;
    const { incident, files } = { incident: this.#incident, files: this.#files };
    this.#incident = undefined;
    if (incident !== undefined && incident.kind !== "error" && !files!.ended) this.#end(incident.kind);
    if (!files!.failed) {
      if (this.#program !== undefined && this.#random.below(3) === 0) await this.#checkNamed();
      return;
    }
    await this.#close();
    if (this.#random.below(4) === 0) {
      this.#drawIncident(8);
      return await this.#run("opens in vain", () => Promise.resolve());
    }
    await this.#open();
  }

  /** Whether something failed that must not, though a file failed or the program ended. */
  #isUnfair(cause: unknown): boolean {
    return cause instanceof AssertionError || !this.#files?.failed;
  }

  /** Begins a program, which must find everything. */
  async #open(): Promise<void> {
    if (this.#program !== undefined) return;
    const directory = this.#directory();
    const logFlushed = this.#logFlushed;
    const files = new CrashFiles(directory, { ...this.#options, logFlushed, onStep: (step) => this.#step(step) });
    this.#files = files;
    this.#program = await PackProgram.open({ directory, files, clock: this.#clock, packBytesMax });
    await this.#checkNamed();
  }

  async #close(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    // Whoever closes the index in order brings all of it to the medium.
    if (!this.#files?.ended) this.#logFlushed = 0;
    await program?.[Symbol.asyncDispose]();
  }

  #directory(): string {
    return join(this.#root, String(this.#lives));
  }

  /** A step of the program, at which it may end; some of what others do goes on meanwhile. */
  async #step(step: string): Promise<void> {
    const incident = this.#incident;
    if (incident !== undefined && incident.stepsLeft-- <= 0) {
      this.#incident = undefined;
      this.trace.push(`  ${step}`);
      if (incident.kind !== "error") return this.#end(incident.kind);
      const error = this.#random.pick(diskErrors);
      this.trace.push(`  ${error}`);
      // What fails meanwhile fails the step that it went on beside, which may be a read.
      this.#hadReadError ||= this.#isMeanwhile || step.startsWith("before a read");
      throw new Error(error);
    }
    if (this.#isMeanwhile || !this.#collecting || this.#random.below(4) > 0) return;
    await this.#meanwhile(async () => {
      await this.#read();
      if (!this.#files!.folderLocked && this.#random.below(2) === 0) await this.#put(this.#drawFrames());
    });
  }

  /** Lets others do something while a collection waits for that. */
  async #meanwhile(work: () => Promise<void>): Promise<void> {
    this.#isMeanwhile = true;
    try {
      await work();
    } catch (cause) {
      if (this.#isUnfair(cause)) this.#broken ??= cause;
      throw cause;
    } finally {
      this.#isMeanwhile = false;
    }
  }

  /** Ends the program by a crash; the next one finds what that left. */
  #end(kind: CrashKind): void {
    this.trace.push(`  ${kind}`);
    this.#lives++;
    this.#logFlushed = this.#files!.leave(this.#directory(), { kind, random: this.#random });
    if (kind === "power cut" && this.#random.below(4) === 0) this.#loseIndex();
  }

  #loseIndex(): void {
    this.trace.push("  the index is lost");
    this.#logFlushed = 0;
    for (const name of ["chunks.sqlite", "chunks.sqlite-wal", "chunks.sqlite-shm"]) {
      try {
        Deno.removeSync(join(this.#directory(), name));
      } catch (cause) {
        if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      }
    }
  }

  #store(): ChunkStore {
    return this.#random.pick(this.#program!.stores);
  }

  #drawFrames(): Uint8Array[] {
    return Array.from({ length: 1 + this.#random.below(3) }, () => {
      return frameOf(Array.from({ length: 1 + this.#random.below(4) }, () => this.#random.pick(chunks)));
    });
  }

  /** Somebody uploads, and may never commit. */
  async #put(frames: readonly Uint8Array[]): Promise<void> {
    assert((await putFrames(this.#store(), ...frames)).ok);
  }

  /** Somebody commits as the service does: names chunks that are there for good while no collection can take them away. */
  async #commit(): Promise<void> {
    const random = this.#random;
    const wanted = [...new Set(Array.from({ length: 1 + random.below(6) }, () => random.pick(names)))];
    const store = this.#store();
    for (let lacking = await store.lacking(wanted); lacking.length > 0;) {
      await this.#put(lacking.map((hash) => frameOf([chunks[names.indexOf(hash)]!])));
      if (this.#collecting || random.below(2) === 0) await this.#read();
      lacking = await store.lacking(wanted);
    }
    using _held = await store.hold();
    if ((await store.lacking(wanted)).length > 0) return;
    await store.sync();
    for (const hash of wanted) {
      this.#named.add(hash);
      this.#newlyNamed.add(hash);
    }
    this.trace.push(`  ${wanted.map((hash) => names.indexOf(hash))} are named`);
  }

  /** Whatever named some chunks is no more. */
  #forget(): void {
    for (const hash of [...this.#named]) if (this.#random.below(2) === 0) this.#named.delete(hash);
    this.trace.push(`only ${[...this.#named].map((hash) => names.indexOf(hash))} are named`);
  }

  async #collect(graceMs: number): Promise<void> {
    this.#collecting = true;
    try {
      await this.#store().collect((which) => this.#live(which), { graceMs });
    } finally {
      this.#collecting = false;
    }
  }

  /** Collects while nobody does anything else. */
  async #collectAll(): Promise<void> {
    await this.#store().collect(() => ReadableStream.from([[...this.#named]]), { graceMs: 0 });
  }

  /** Tells what is named; others go on meanwhile. */
  async *#live({ sinceLast }: { readonly sinceLast: boolean }): AsyncGenerator<readonly Hash[], void> {
    const told = [...sinceLast ? this.#newlyNamed : this.#named];
    this.#newlyNamed = new Set();
    for (const hash of told) {
      yield [hash];
      if (this.#random.below(8) === 0) await this.#meanwhile(() => this.#commit());
    }
    if (this.#random.below(3) === 0) await this.#meanwhile(() => this.#commit());
    if (this.#random.below(6) === 0) this.#nowMs += this.#random.pick(passMs);
  }

  /** Reads some of what is named, each by its name or all as frames. */
  async #read(): Promise<void> {
    const some = [...this.#named].filter(() => this.#random.below(3) === 0);
    const store = this.#store();
    if (this.#random.below(2) === 0) return await this.#readFrames(store, some);
    for (const hash of some) assertEquals(await store.get(hash), chunks[names.indexOf(hash)]);
  }

  async #readFrames(store: ChunkStore, hashes: readonly Hash[]): Promise<void> {
    const found: Hash[] = [];
    for await (const frame of store.frames(hashes)) {
      const named = await nameFrame(frame);
      assert(named.ok);
      found.push(...named.value.hashes);
    }
    assertEquals(found, hashes);
  }

  /** Whatever is named is there, and whatever is said to be there is what it must be. */
  async #checkNamed(): Promise<void> {
    // Nothing befalls the program meanwhile: that would look like damage.
    const incident = this.#incident;
    this.#incident = undefined;
    for (const store of this.#program!.stores) {
      const lacking = new Set(await store.lacking(names));
      for (const [at, hash] of names.entries()) {
        // What is condemned can still be read, and is spared by the next collection if it is named.
        if (lacking.has(hash) && !this.#named.has(hash)) continue;
        assertEquals(
          await store.get(hash),
          chunks[at],
          `Chunk ${at}${this.#named.has(hash) ? ", which is named" : ""}`,
        );
      }
      await this.#readFrames(store, [...this.#named]);
      assertEquals(await Array.fromAsync(store.verify()), []);
    }
    this.#incident = incident;
  }

  /** After a collection there is what is named, once, and no file beside. */
  async #checkTidy(): Promise<void> {
    await this.#checkNamed();
    const [store] = this.#program!.stores;
    const stored = [...this.#named].map((hash) => chunks[names.indexOf(hash)]!.length);
    const { chunks: count, bytes } = await store!.stats();
    const storedBytes = stored.reduce((sum, length) => sum + length, 0);
    assertEquals(count, stored.length);
    if (this.#hadReadError) assertGreaterOrEqual(bytes, storedBytes);
    else assertEquals(bytes, storedBytes);
    const folder = join(this.#directory(), "packs");
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const found = files.map((name) => [packIdOf(name), Deno.statSync(join(folder, name)).size]);
    using index = new CollectionIndex(join(this.#directory(), "chunks.sqlite"));
    const use = index.use();
    assertEquals(found, use.map(({ id, bytes }) => [id, Math.max(bytes, packHeadBytes)]));
    for (const { id, bytes, liveBytes } of use) {
      const held = bytes - packHeadBytes;
      assert(
        held <= 0 || held - liveBytes < held * deadShareMin,
        `Of ${held} bytes in pack ${id} ${liveBytes} are of use`,
      );
    }
  }
}
