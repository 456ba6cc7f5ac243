import {
  conflictsAt,
  type Folder,
  listConflicts,
  type OpenConflict,
  type ProgressListener,
  pull,
  push,
  type Remote,
  type Resolution,
  resolveConflicts,
  silentProgress,
  sync,
  type SyncReport,
  type TransferOptions,
  type Workspace,
} from "../../lib/client/mod.ts";
import type { SafePath } from "../../lib/core/mod.ts";
import { packFrames } from "../../lib/client/transfer/frame_packer.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { KnownConflicts } from "./draw_decision.ts";
import { MemoryFiles } from "./memory_files.ts";
import type { WatchedMachine } from "./oracle.ts";
import type { Process } from "./process.ts";
import { SimulatedFolder } from "./simulated_folder.ts";
import { ClientMemory, simulatedWorkspace } from "./simulated_workspace.ts";
import { User } from "./user.ts";
import type { WatchClock } from "./world_clock.ts";

/** What lies between the engine and its ports. */
export interface ClientLayers {
  readonly folder: (folder: Folder, process: Process) => Folder;
  readonly workspace: (workspace: Workspace) => Workspace;
  readonly remote: (remote: Remote) => Remote;
}

/** Options of a {@linkcode Machine}. */
export interface MachineOptions {
  readonly name: string;
  readonly clock: WatchClock;
  readonly random: SeededRandom;
  /** Whether its user keeps to a folder of their own. */
  readonly apart: boolean;
  readonly layers: ClientLayers;
}

/** What a run of dfs on a {@linkcode Machine} works with. */
export interface MachineRun {
  readonly direction: SyncReport["direction"];
  readonly process: Process;
  readonly remote: Remote;
  readonly options: Pick<TransferOptions, "conflicts" | "changed" | "newId">;
  readonly onViolation: (violation: string) => void;
}

/** What deciding a conflict on a {@linkcode Machine} works with. */
export interface MachineDecision extends Pick<MachineRun, "process" | "onViolation"> {
  readonly conflicts: readonly OpenConflict[];
  readonly resolution: Resolution;
}

const runs = { push, pull, sync };

/** A machine with a folder, a user, and a client of dfs. */
export class Machine implements WatchedMachine {
  readonly name: string;
  readonly clock: WatchClock;
  readonly files: MemoryFiles;
  readonly memory: ClientMemory = new ClientMemory();
  readonly user: User;
  readonly present: Set<string> = new Set();
  readonly givenUp: Map<string, Set<SafePath>> = new Map();
  process: Process | undefined;
  /** The directories in which something changed since the last run that came to its end; unknown unless told. */
  changed: Set<SafePath> | undefined;
  /** Whether a run merged texts, and may not have come to its end. */
  merging = false;
  readonly #layers: ClientLayers;

  constructor({ name, clock, random, apart, layers }: MachineOptions) {
    this.name = name;
    this.clock = clock;
    this.files = new MemoryFiles(clock);
    this.files.root.names.set(".dfs", this.files.directory(0o700));
    this.user = new User({ name, files: this.files, clock, random, home: apart ? name : undefined });
    this.#layers = layers;
  }

  /** Runs dfs, as a program of its own. */
  async run({ direction, process, remote, options, onViolation }: MachineRun): Promise<SyncReport> {
    this.process = process;
    const workspace = this.#open({ process, onViolation });
    const progress: ProgressListener = {
      ...silentProgress,
      phase: (phase) => {
        process.phase = phase;
      },
    };
    const packer: TransferOptions["packer"] = () => ({
      pack: (buffer, chunks) => Promise.resolve({ buffer, pieces: packFrames(buffer, chunks) }),
      [Symbol.dispose]: () => {},
    });
    const given = { clock: this.clock, confirmDeletes: 1_000_000, progress, packer, ...options };
    try {
      return await runs[direction](workspace, this.#layers.remote(remote), given);
    } finally {
      process.end();
      this.process = undefined;
    }
  }
  /** The conflicts that dfs knows of. */
  conflicts(process: Process): KnownConflicts {
    const workspace = this.#open({ process, onViolation: () => {} });
    return { conflicts: listConflicts(workspace), conflictsAt: (path) => conflictsAt(workspace, path) };
  }

  /** Decides conflicts at one path, as a program of its own, while another may be at work. */
  async decide({ process, onViolation, conflicts, resolution }: MachineDecision): Promise<void> {
    try {
      const workspace = this.#open({ process, onViolation });
      await resolveConflicts(conflicts, { workspace, resolution, nowMs: this.clock.now() });
    } finally {
      process.end();
    }
  }

  /** The workspace as a program opens it. */
  #open({ process, onViolation }: Pick<MachineRun, "process" | "onViolation">): Workspace {
    const disk = this.#layers.folder(new SimulatedFolder(this.files, { process, onViolation }), process);
    return this.#layers.workspace(simulatedWorkspace({ disk, clientId: this.name, memory: this.memory, process }));
  }
}
