import { Failure, type Hash } from "../../lib/core/mod.ts";
import { EventBus } from "../../lib/events/mod.ts";
import { MemoryMetadataStore, type MetadataStore } from "../../lib/metadata/mod.ts";
import { type ChunkStore, MemoryChunkStore } from "../../lib/storage/mod.ts";
import {
  type GarbageOptions,
  type GarbageReport,
  MaintenanceService,
  SyncService,
} from "../../lib/sync/service/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import { withCalls, withMethods } from "./layers.ts";
import { turn } from "./turns.ts";
import type { WatchClock } from "./world_clock.ts";

/** The connection to the server broke, or never was. */
export class CutConnection extends Error {
  override readonly name = "CutConnection";
}

/** What befalls the server until that is over. */
export interface ServerFate {
  /** The call of a store before which it goes down. */
  readonly crashAt: number;
  /** The call of a store from which on its disk is full. */
  readonly fullAt: number;
  /** Told when it begins to apply a commit. */
  readonly onCommit: () => void;
}

/** Nothing happens to the server. */
export const quietServer: ServerFate = { crashAt: Infinity, fullAt: Infinity, onCommit: () => {} };

/** What surrounds the stores of a server. */
export interface StoreLayers {
  readonly metadata: (store: MetadataStore) => MetadataStore;
  readonly chunks: (store: ChunkStore) => ChunkStore;
}

/** Options of a {@linkcode SimulatedServer}. */
export interface SimulatedServerOptions {
  readonly clock: WatchClock;
  readonly random: SeededRandom;
  readonly trace: (line: string) => void;
  /** What lies between the services and the steps of their stores. */
  readonly above: StoreLayers;
}

/** The calls that need space on the disk. */
const writing: ReadonlySet<string> = new Set(["putFrames", "commit", "createSpace"]);

/** The calls that change something, or carry content. */
const moving: ReadonlySet<string> = new Set(["putFrames", "frames", "get", "commit"]);

/** The calls before which others get their turns while garbage is collected. */
const yielding: ReadonlySet<string> = new Set(["lacking", "sync", "hold", "commit", "spaces", "prune", "manifest"]);
/** How many turns. */
const turnCounts = [0, 0, 1, 2, 5, 12, 60];

/** A server that may go down before each call of a store, and comes up again with what was on its medium. */
export class SimulatedServer {
  /** Its spaces, as they are on the medium. */
  readonly metadata: MemoryMetadataStore = new MemoryMetadataStore();
  readonly #options: SimulatedServerOptions;
  readonly #bus: EventBus = new EventBus();
  readonly #unsynced = new Set<Hash>();
  readonly #synced = new Set<Hash>();
  /** Chunks that were not on the medium when it went down. */
  readonly #lost = new Set<Hash>();
  /** How many requests changed something, or carried content. */
  moved = 0;
  /** Its chunks, as they are in its memory. */
  readonly chunks: ChunkStore;
  #service: SyncService;
  #maintenance: MaintenanceService;
  #collections = 0;
  #fate: ServerFate = quietServer;
  #calls = 0;
  #life = 0;

  constructor(options: SimulatedServerOptions) {
    this.#options = options;
    this.chunks = this.#volatile(new MemoryChunkStore(options.clock));
    [this.#service, this.#maintenance] = this.#start();
  }

  /** Whether garbage is being collected. */
  get collects(): boolean {
    return this.#collections > 0;
  }

  /** Lets others have their turns while garbage is collected. */
  async yieldTurns(): Promise<void> {
    if (!this.collects) return;
    for (let turns = this.#options.random.pick(turnCounts); turns > 0; turns--) await turn();
  }

  /** Collects garbage, if it stays up for so long. */
  async collect(options: GarbageOptions): Promise<GarbageReport> {
    this.#collections++;
    try {
      return await this.#answer(() => this.#maintenance.collectGarbage(options));
    } finally {
      this.#collections--;
    }
  }

  /** Whether a chunk is on the medium. */
  keeps(hash: Hash): boolean {
    return this.#synced.has(hash);
  }

  /** Says what befalls it from now on. */
  meet(fate: ServerFate): void {
    this.#calls = 0;
    this.#fate = fate;
  }

  /** Lets it deal with a request. */
  serve<T>(request: (service: SyncService) => Promise<T>): Promise<T> {
    return this.#answer(() => request(this.#service));
  }

  async #answer<T>(work: () => Promise<T>): Promise<T> {
    const life = this.#life;
    try {
      const answer = await work();
      if (life === this.#life) return answer;
    } catch (cause) {
      if (life === this.#life) throw cause;
    }
    throw new CutConnection("The server went down");
  }

  #start(): [SyncService, MaintenanceService] {
    const life = this.#life;
    const before = (call: string): Promise<void> | void => {
      if (call === "hold") this.#fate.onCommit();
      if (!this.collects || !yielding.has(call)) return this.#step(life, call);
      return this.yieldTurns().then(() => this.#step(life, call));
    };
    const { above } = this.#options;
    const metadata = above.metadata(withCalls<MetadataStore>(this.metadata, before));
    const chunks = above.chunks(withCalls<ChunkStore>(this.chunks, before));
    const tools = { metadata, chunks, clock: this.#options.clock, events: this.#bus };
    return [new SyncService(tools), new MaintenanceService(tools)];
  }

  /** A store whose chunks are on the medium only once it was told to bring them there. */
  #volatile(store: ChunkStore): ChunkStore {
    const kept = (hash: Hash): void => {
      this.#lost.delete(hash);
      if (!this.#synced.has(hash)) this.#unsynced.add(hash);
    };
    return withMethods(store, {
      putFrames: (source, { onFrame } = {}) => {
        return store.putFrames(source, {
          onFrame: (frame) => {
            frame.hashes.forEach(kept);
            onFrame?.(frame);
          },
        });
      },
      sync: async () => {
        const arrived = [...this.#unsynced];
        await store.sync();
        for (const hash of arrived) if (this.#unsynced.delete(hash)) this.#synced.add(hash);
      },
      collect: async (live, options) => {
        const receipt = await store.collect(live, options);
        for (const hash of [...this.#synced]) if (await store.get(hash) === undefined) this.#synced.delete(hash);
        return receipt;
      },
      lacking: async (hashes) => {
        const asked = [...new Set(hashes)];
        const lacking = new Set(await store.lacking(asked));
        return asked.filter((hash) => lacking.has(hash) || this.#lost.has(hash));
      },
      get: (hash) => this.#lost.has(hash) ? Promise.resolve(undefined) : store.get(hash),
      frames: (hashes) => {
        if (!hashes.some((hash) => this.#lost.has(hash))) return store.frames(hashes);
        throw new Failure("not_found", "A chunk is not stored");
      },
    });
  }

  #step(life: number, call: string): void {
    if (life !== this.#life) throw new CutConnection("The server went down");
    this.#calls++;
    if (moving.has(call)) this.moved++;
    if (this.#calls === this.#fate.crashAt) {
      this.#options.trace(`  the server goes down before ${call}`);
      this.#goDown();
      throw new CutConnection("The server went down");
    }
    if (this.#calls < this.#fate.fullAt || !writing.has(call)) return;
    throw new Failure("no_space", "The server's disk is full");
  }

  /** Loses some of what was not on the medium, and comes up again. */
  #goDown(): void {
    this.#life++;
    for (const hash of this.#unsynced) {
      if (this.#options.random.below(2) === 0) this.#lost.add(hash);
      else this.#synced.add(hash);
    }
    this.#unsynced.clear();
    [this.#service, this.#maintenance] = this.#start();
  }
}
