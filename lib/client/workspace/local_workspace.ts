import { Failure, platformFailure, tryLockFile } from "../../core/mod.ts";
import { stateDirectoryName } from "../../sync/mod.ts";
import type { Base } from "./base.ts";
import { takeWords, type WordTaker } from "./given_word.ts";
import { LocalDisk, resolveFolder } from "../folder/mod.ts";
import { wake } from "./wake.ts";
import type { KeptWithBase, Workspace } from "./workspace.ts";
import { readWorkspaceConfig, writeWorkspaceConfig } from "./workspace_config.ts";
import { WorkspaceState } from "./workspace_state.ts";

/** Options of {@linkcode LocalWorkspace.open}. */
export interface WorkspaceOptions {
  /** Address of the server; the one remembered unless given. */
  readonly remote?: string | undefined;
  /** Name of the space; the one remembered unless given, and `default` where there is none. */
  readonly space?: string | undefined;
  /** Only look: leave no trace in a folder that is not a workspace yet, and take no lock. */
  readonly dryRun?: boolean;
  /** Make the folder if there is none, in one that there is. It goes again if nothing comes to lie in it. */
  readonly makeFolder?: boolean;
}

/**
 * A folder that is kept in step with a space: the folder, its configuration and state in `.dfs/`, and the lock that keeps
 * a second client out while this one works.
 */
export class LocalWorkspace implements Workspace, Disposable {
  /** The folder itself; its `root` is absolute. */
  readonly disk: LocalDisk;
  /** What was remembered between runs in `.dfs/state.sqlite`; disposed of with the workspace. */
  readonly state: WorkspaceState;
  /** Address of the server, without a slash at its end. */
  readonly remote: string;
  /** Name of the space. */
  readonly space: string;
  /** Names this replica on the server. */
  readonly clientId: string;
  readonly #directory: string;
  /** What tells the folder's `.dfs/` from another one: its number and that of its disk. */
  readonly #identity: string | undefined;
  readonly #lock: Disposable | undefined;
  /** Whether the folder was made just now. */
  readonly #made: boolean;
  /** Whether server and space stand in the folder's configuration. */
  #remembered: boolean;

  private constructor(fields: WorkspaceFields) {
    this.disk = fields.disk;
    this.#directory = fields.directory;
    this.#identity = identityOf(fields.directory);
    this.#lock = fields.lock;
    this.#made = fields.made;
    this.#remembered = fields.remembered;
    this.state = fields.state;
    this.remote = fields.remote;
    this.space = fields.space;
    const known = this.state.get("client");
    this.clientId = known ?? newClientId();
    if (known === undefined) this.state.set("client", this.clientId);
  }

  /**
   * Opens a folder as a workspace; makes it one if it is none.
   *
   * @throws {Failure} if there is no such folder, no server is known, or another client is at work in it.
   */
  static open(folder: string, options: WorkspaceOptions = {}): LocalWorkspace {
    const made = options.makeFolder === true && options.remote !== undefined && !options.dryRun && makeFolder(folder);
    const disk = new LocalDisk(resolveFolder(folder));
    const directory = `${disk.root}/${stateDirectoryName}`;
    const config = readWorkspaceConfig(`${directory}/config.yaml`);
    const remote = (options.remote ?? config?.remote)?.replace(/\/+$/, "");
    if (remote === undefined) {
      throw new Failure("usage", `No server is known for "${disk.root}"`, {
        hint: "Name it once: --remote http://HOST:PORT",
      });
    }
    const space = options.space ?? config?.space ?? "default";
    const persistent = config !== undefined || options.dryRun !== true;
    if (persistent) makeStateDirectory(directory);
    // Whoever only looks keeps nobody out, and is kept out by nobody.
    const lock = persistent && !options.dryRun ? lockDirectory(directory, disk.root) : undefined;
    try {
      const state = WorkspaceState.open(persistent ? `${directory}/state.sqlite` : ":memory:");
      const remembered = config?.remote === remote && config.space === space;
      return new LocalWorkspace({ disk, directory, lock, state, remote, space, made, remembered });
    } catch (cause) {
      lock?.[Symbol.dispose]();
      throw cause;
    }
  }

  /** The base, if it is one with the very space this workspace is opened for. */
  loadBase(): Base | undefined {
    return this.state.get("agreed") === this.#agreement() ? this.state.loadBase() : undefined;
  }

  /** Makes a state the one to start from next time, and the server and space the ones to use next time. */
  saveBase(base: Base, options: KeptWithBase): void {
    this.remember();
    this.state.saveBase(base, { ...options, agreement: this.#agreement() });
  }

  /** Remembers server and space, so that later runs need no option. */
  remember(): void {
    if (this.#remembered) return;
    writeWorkspaceConfig(`${this.#directory}/config.yaml`, { remote: this.remote, space: this.space });
    this.#remembered = true;
  }

  /**
   * Makes sure that the folder is still the one that was opened: where a disk went away or another came in its place, it
   * looks as if everything had been deleted.
   *
   * @throws {Failure} kind `refused` if it is not.
   */
  checkInPlace(): void {
    if (identityOf(this.#directory) === this.#identity) return;
    throw new Failure("refused", `"${this.disk.root}" is not the folder that it was`, {
      hint: "If its disk went away, bring it back; nothing is deleted meanwhile",
    });
  }

  /** Tells the client that watches this folder, if one does, that there is something to do. */
  wakeWatcher(): void {
    wake(this.#directory);
  }

  /** Lets the client that watches this folder be told what somebody agrees to. */
  takeWords(): Promise<WordTaker> {
    return takeWords(this.#directory);
  }

  /** Closes the state and gives the lock back. A folder that was made for this run and never used is removed again. */
  [Symbol.dispose](): void {
    this.state[Symbol.dispose]();
    if (this.#made) this.#removeIfUnused();
    this.#lock?.[Symbol.dispose]();
  }

  /** Takes the folder away again if no run came as far as to stage something or to remember its server. */
  #removeIfUnused(): void {
    const holds = (directory: string): string[] => Array.from(Deno.readDirSync(directory), ({ name }) => name);
    const used = holds(this.disk.root).length > 1 ||
      holds(this.#directory).some((name) => name === "config.yaml" || name === "staging");
    if (!used) Deno.removeSync(this.disk.root, { recursive: true });
  }

  #agreement(): string {
    return `${this.remote} ${this.space}`;
  }
}

interface WorkspaceFields {
  readonly disk: LocalDisk;
  readonly directory: string;
  readonly lock: Disposable | undefined;
  readonly state: WorkspaceState;
  readonly remote: string;
  readonly space: string;
  readonly made: boolean;
  readonly remembered: boolean;
}

function identityOf(directory: string): string | undefined {
  try {
    const { ino, dev } = Deno.lstatSync(directory);
    return `${dev}:${ino}`;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return undefined;
    throw platformFailure(`read "${directory}"`, cause);
  }
}

/** The machine's name and 48 random bits: told apart by people, and by chance. */
function newClientId(): string {
  const random = crypto.getRandomValues(new Uint8Array(6)).toHex();
  return `${Deno.hostname().replace(/[^A-Za-z0-9._-]/g, "-") || "client"}-${random}`;
}

/** Makes a folder; says whether there was none. */
function makeFolder(folder: string): boolean {
  try {
    Deno.mkdirSync(folder);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists) return false;
    throw platformFailure(`make the folder "${folder}"`, cause);
  }
}

function makeStateDirectory(directory: string): void {
  try {
    Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw platformFailure(`make the folder "${directory}"`, cause);
  }
}

function lockDirectory(directory: string, root: string): Disposable {
  let lock: Disposable | undefined;
  try {
    lock = tryLockFile(`${directory}/lock`);
  } catch (cause) {
    throw platformFailure(`write in "${directory}"`, cause);
  }
  if (lock !== undefined) return lock;
  throw new Failure("conflict", `Another dfs is at work in "${root}"`, { hint: "Wait for it, or end it" });
}
