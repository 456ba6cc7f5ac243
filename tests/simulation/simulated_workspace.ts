import type { Base, Folder, Intents, KeptState, KeptWithBase, Workspace } from "../../lib/client/mod.ts";
import { packListing } from "../../lib/client/workspace/listing_codec.ts";
import { PackedListing } from "../../lib/client/workspace/packed_listing.ts";
import type { Hash, SafePath } from "../../lib/core/mod.ts";
import type { Entry, Manifest } from "../../lib/metadata/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { Process } from "./process.ts";

/** What a client remembers, as one value. */
interface Memory {
  readonly base: Base | undefined;
  readonly intents: Intents;
  readonly manifests: ReadonlyMap<Hash, Manifest>;
  /** Decisions on conflicts that no base has taken in yet, in their order. */
  readonly resolutions: readonly Decision[];
}

interface Decision {
  readonly path: SafePath;
  readonly agreed: Entry | undefined;
}

const nothing: Memory = { base: undefined, intents: {}, manifests: new Map(), resolutions: [] };

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
  let taken: readonly Decision[] = [];
  let session: ReturnType<KeptState["loadSession"]>;
  const state: KeptState = {
    packAhead: () => {},
    manifest: (content) => memory.now.manifests.get(content),
    loadIntents: () => memory.now.intents,
    loadSession: () => session,
    saveSession: (next) => {
      session = next;
    },
    saveResolution: (path, agreed) => {
      save("saveResolution", { ...memory.now, resolutions: [...memory.now.resolutions, { path, agreed }] });
    },
    saveIntents: (intents) => {
      const given = Object.fromEntries(Object.entries(intents).filter(([, intent]) => intent !== undefined));
      save("saveIntents", { ...memory.now, intents: { ...memory.now.intents, ...given } });
    },
  };
  return {
    disk,
    clientId,
    remote: "http://simulated",
    space: "default",
    state,
    loadBase: () => {
      taken = memory.now.resolutions;
      return memory.now.base && decided(memory.now.base, taken);
    },
    saveBase: (base: Base, { manifests: more, intents = {} }: KeptWithBase) => {
      const manifests = new Map([...memory.now.manifests, ...more]);
      const resolutions = memory.now.resolutions.filter((decision) => !taken.includes(decision));
      save("saveBase", { base: packed(base), intents, manifests, resolutions });
    },
  };
}

/** A base as it is loaded again. */
function packed(base: Base): Base {
  const tree = new Map(base.tree);
  for (const [directory, listing] of tree) {
    if (!(listing instanceof PackedListing)) tree.set(directory, new PackedListing(packListing(listing)));
  }
  return { ...base, tree };
}

/** A base with what was decided since it was saved. */
function decided(base: Base, decisions: readonly Decision[]): Base {
  if (decisions.length === 0) return base;
  const open = new Map(base.open);
  for (const { path, agreed } of decisions) {
    const waiting = open.get(path);
    if (waiting !== undefined) open.set(path, { ...waiting, agreed });
  }
  return { ...base, open };
}
