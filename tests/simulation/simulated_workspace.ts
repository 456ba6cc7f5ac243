import type { Base, Folder, Intents, KeptState, KeptWithBase, Workspace } from "../../lib/client/mod.ts";
import type { Hash } from "../../lib/core/mod.ts";
import type { Manifest } from "../../lib/metadata/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { Process } from "./process.ts";

/** What a client remembers, as one value. */
interface Memory {
  readonly base: Base | undefined;
  readonly intents: Intents;
  readonly manifests: ReadonlyMap<Hash, Manifest>;
}

const nothing: Memory = { base: undefined, intents: {}, manifests: new Map() };

/** What a client remembers from one run to the next. Each change is whole; a crash of the machine may undo the last ones. */
export class ClientMemory {
  #now: Memory = nothing;
  #earlier: Memory[] = [];

  get now(): Memory {
    return this.#now;
  }

  set(next: Memory): void {
    this.#earlier.push(this.#now);
    this.#now = next;
  }

  /** Everything so far is on the medium. */
  flush(): void {
    this.#earlier = [];
  }

  /** Loses everything. */
  forget(): void {
    this.#now = nothing;
    this.#earlier = [];
  }

  /** The machine goes down; gives how many changes that undid. */
  crash(random: SeededRandom): number {
    const undone = random.below(2) === 0 ? 0 : random.below(this.#earlier.length + 1);
    if (undone > 0) this.#now = this.#earlier.at(-undone)!;
    this.#earlier = [];
    return undone;
  }
}

/** Options of {@linkcode simulatedWorkspace}. */
export interface SimulatedWorkspaceOptions {
  readonly disk: Folder;
  readonly clientId: string;
  readonly memory: ClientMemory;
  readonly process: Process;
}

/** A workspace as one program has it open. */
export function simulatedWorkspace({ disk, clientId, memory, process }: SimulatedWorkspaceOptions): Workspace {
  const save = (what: string, next: Memory): void => {
    process.step(what);
    memory.set(next);
    process.step(`after ${what}`);
  };
  let session: ReturnType<KeptState["loadSession"]>;
  const state: KeptState = {
    manifest: (content) => memory.now.manifests.get(content),
    loadIntents: () => memory.now.intents,
    loadSession: () => session,
    saveSession: (next) => {
      session = next;
    },
    saveResolution: (path) => {
      throw new TypeError(`Nobody decides the conflict at ${path} here`);
    },
    saveIntents: (intents) => save("saveIntents", { ...memory.now, intents }),
  };
  return {
    disk,
    clientId,
    remote: "http://simulated",
    space: "default",
    state,
    loadBase: () => memory.now.base,
    saveBase: (base: Base, { manifests }: KeptWithBase) => {
      save("saveBase", { base, intents: {}, manifests: new Map([...memory.now.manifests, ...manifests]) });
    },
  };
}
