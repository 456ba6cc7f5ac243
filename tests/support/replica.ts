import { type Clock, Failure, type SafePath, systemClock } from "../../lib/core/mod.ts";
import {
  HttpRemote,
  LocalDisk,
  LocalWorkspace,
  type ProgressListener,
  pull,
  push,
  type Remote,
  type RetryOptions,
  silentProgress,
  status,
  type StatusReport,
  sync,
  type SyncReport,
  type TransferOptions,
  type Workspace,
} from "../../lib/client/mod.ts";
import { HttpClient } from "../../lib/network/client/mod.ts";
import { readTree, TempFolder } from "./temp_folder.ts";

/** Repeats at once: a test waits for nothing. */
export const retryAtOnce: RetryOptions = {
  attemptsMax: 5,
  delayMs: 0,
  wait: () => Promise.resolve(),
  random: () => 0.5,
};

/** Repeats nothing. */
export const retryNever: RetryOptions = { ...retryAtOnce, attemptsMax: 1 };

/** What {@linkcode endsAt} throws. */
export class Interruption extends Error {}

/** A listener that ends a run, as a crash would, when it comes to a phase. */
export function endsAt(phase: Parameters<ProgressListener["phase"]>[0]): ProgressListener {
  return {
    ...silentProgress,
    phase: (begun) => {
      if (begun === phase) throw new Interruption();
    },
  };
}

/** What a run of a {@linkcode Replica} may differ in. */
export interface ReplicaOptions {
  /** Address of the server, if another than usual. */
  readonly url?: string;
  readonly space?: string;
  readonly retry?: RetryOptions;
  /** How long the server is waited for, in milliseconds, where it may never say more. */
  readonly patienceMs?: number;
  /** The longest list of entries that is read, in bytes. */
  readonly metadataBytesMax?: number;
  /** What happens between the plan of a run and its commit. */
  readonly beforeCommit?: () => Promise<unknown>;
  /** Files that a two-way run cannot read, and folders that it cannot enter. */
  readonly closed?: readonly string[];
  /** How often a two-way run can write to the folder or rename in it before the disk is full. */
  readonly writesMax?: number | undefined;
  /** Whether the disk keeps neither the times nor the permissions that a two-way run gives. */
  readonly forgetful?: boolean;
}

/** A folder in which not everything is open to whoever runs the test, even if that is root. */
class ClosedDisk extends LocalDisk {
  readonly #closed: readonly string[];

  constructor(root: string, closed: readonly string[]) {
    super(root);
    this.#closed = closed;
  }

  override locate(path: SafePath): string {
    if (this.#closed.some((folder) => path.startsWith(`${folder}/`))) throw denied(path);
    return super.locate(path);
  }

  override readDirectory(...[path]: Parameters<LocalDisk["readDirectory"]>): ReturnType<LocalDisk["readDirectory"]> {
    if (this.#closed.includes(path)) throw denied(path);
    return super.readDirectory(path);
  }

  override look(...[path]: Parameters<LocalDisk["look"]>): ReturnType<LocalDisk["look"]> {
    const isOpen = !this.#closed.some((closed) => path === closed || path.startsWith(`${closed}/`));
    return isOpen ? super.look(path) : undefined;
  }

  override open(...[path]: Parameters<LocalDisk["open"]>): ReturnType<LocalDisk["open"]> {
    if (this.#closed.includes(path)) throw denied(path);
    return super.open(path);
  }
}

/** A folder on a disk that gets full. */
class FillingDisk extends LocalDisk {
  #left: number;

  constructor(root: string, writesMax: number) {
    super(root);
    this.#left = writesMax;
  }

  override write(...args: Parameters<LocalDisk["write"]>): ReturnType<LocalDisk["write"]> {
    this.#use();
    return super.write(...args);
  }

  override make(...args: Parameters<LocalDisk["make"]>): void {
    this.#use();
    super.make(...args);
  }

  override makeMany(): undefined {}

  override makeDirectory(...args: Parameters<LocalDisk["makeDirectory"]>): void {
    this.#use();
    super.makeDirectory(...args);
  }

  override makeLink(...args: Parameters<LocalDisk["makeLink"]>): void {
    this.#use();
    super.makeLink(...args);
  }

  override move(...args: Parameters<LocalDisk["move"]>): void {
    this.#use();
    super.move(...args);
  }

  #use(): void {
    if (this.#left-- <= 0) throw new Failure("no_space", "The disk is full");
  }
}

/** A folder on a disk that keeps neither the times nor the permissions of what is put on it. */
class ForgetfulDisk extends LocalDisk {
  override make(path: SafePath, bytes: Uint8Array<ArrayBuffer>): void {
    using file = this.write(path, 0);
    file.write(bytes);
  }

  override makeMany(): undefined {}

  override setTime(): void {}

  override setMode(): void {}
}

function denied(path: string): Error {
  return new Deno.errors.PermissionDenied(path);
}

/** A server to which something happens before each commit. */
class DisturbedRemote extends HttpRemote {
  before: (() => Promise<unknown>) | undefined;

  override async commit(...args: Parameters<HttpRemote["commit"]>): ReturnType<HttpRemote["commit"]> {
    await this.before?.();
    return await super.commit(...args);
  }
}

/** A folder that is kept in step with a server, each run of it as a new program would do it. */
export class Replica implements AsyncDisposable {
  readonly path: string;
  readonly url: string;
  readonly clock: Clock = systemClock;
  readonly #temp: TempFolder;

  private constructor(temp: TempFolder, url: string) {
    this.#temp = temp;
    this.path = temp.path;
    this.url = url;
  }

  /** Makes one with some files; nothing is sent yet. */
  static async make(url: string, files: Readonly<Record<string, string>> = {}): Promise<Replica> {
    return new Replica(await TempFolder.make(files), url);
  }

  push(options: Partial<TransferOptions> & ReplicaOptions = {}): Promise<SyncReport> {
    return this.#run(options, (workspace, remote) => push(workspace, remote, { clock: this.clock, ...options }));
  }

  pull(options: Partial<TransferOptions> & ReplicaOptions = {}): Promise<SyncReport> {
    return this.#run(options, (workspace, remote) => pull(workspace, remote, { clock: this.clock, ...options }));
  }

  sync(options: Partial<TransferOptions> & ReplicaOptions = {}): Promise<SyncReport> {
    return this.#run(options, (opened, remote) => {
      const disk = oddDisk(opened.disk.root, options);
      return sync(disk === undefined ? opened : onDisk(disk, opened), remote, { clock: this.clock, ...options });
    });
  }

  status(options: ReplicaOptions = {}): Promise<StatusReport> {
    return this.#run(options, (workspace, remote) => status(workspace, remote, { clock: this.clock }));
  }

  /** Does something with the folder and the server, as a program of its own would. */
  use<T>(action: (workspace: LocalWorkspace, remote: Remote) => T | Promise<T>): Promise<T> {
    return this.#run({}, async (workspace, remote) => await action(workspace, remote));
  }

  /** Where a path of the folder lies. */
  at(path: string): string {
    return `${this.path}/${path}`;
  }

  /** Writes files, with the folders on their way. */
  write(files: Readonly<Record<string, string>>): void {
    this.#temp.write(files);
  }

  /** Removes whatever is at some paths. */
  remove(...paths: readonly string[]): void {
    for (const path of paths) Deno.removeSync(this.at(path), { recursive: true });
  }

  /** Everything in the folder, as `readTree` tells it. */
  tree(): Record<string, string> {
    return readTree(this.path);
  }

  /** Forgets all state, as if `.dfs` had been deleted. */
  forget(): void {
    Deno.removeSync(this.at(".dfs"), { recursive: true });
  }

  async #run<T>(
    options: Partial<TransferOptions> & ReplicaOptions,
    action: (workspace: LocalWorkspace, remote: Remote) => Promise<T>,
  ): Promise<T> {
    // The folder remembers the usual address, so that a way with faults in it counts as the same server.
    const { space, dryRun = false } = options;
    using workspace = LocalWorkspace.open(this.path, { remote: this.url, space, dryRun });
    const origin = options.url ?? this.url;
    const { patienceMs } = options;
    const timeouts = patienceMs === undefined ? {} : { replyMs: patienceMs, bodyMs: patienceMs };
    using http = new HttpClient({ origin, timeouts });
    const { retry = retryAtOnce, metadataBytesMax } = options;
    const limits = metadataBytesMax === undefined ? {} : { metadataBytesMax };
    const remote = new DisturbedRemote(http, { origin, space: workspace.space, retry, ...limits });
    remote.before = options.beforeCommit;
    return await action(workspace, remote);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    makeDeletable(this.path);
    await this.#temp[Symbol.asyncDispose]();
  }
}

function oddDisk(root: string, { closed, writesMax, forgetful }: ReplicaOptions): LocalDisk | undefined {
  if (closed !== undefined) return new ClosedDisk(root, closed);
  if (writesMax !== undefined) return new FillingDisk(root, writesMax);
  return forgetful ? new ForgetfulDisk(root) : undefined;
}

function onDisk(disk: LocalDisk, workspace: LocalWorkspace): Workspace {
  const { remote, space, clientId, state } = workspace;
  return {
    ...{ disk, remote, space, clientId, state },
    loadBase: () => workspace.loadBase(),
    saveBase: (...args) => workspace.saveBase(...args),
  };
}

/** Gives back the permissions that are needed to delete everything in a folder. */
function makeDeletable(folder: string): void {
  Deno.chmodSync(folder, 0o700);
  for (const { name, isDirectory } of Deno.readDirSync(folder)) if (isDirectory) makeDeletable(`${folder}/${name}`);
}
