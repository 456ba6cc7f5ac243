import { newCounters, type ServerStats, sumStats } from "../server_stats.ts";
import type { HttpServer, ListenAddress, ListenOptions, ServerOptions, ShutdownOptions } from "./http_server.ts";
import type { JsonValue } from "./pool_messages.ts";
import { PoolWorker } from "./pool_worker.ts";

/** What a {@linkcode PoolServer} takes: its workers build their own handlers. */
export interface PoolServerOptions extends Omit<ServerOptions, "handler" | "ticker" | "clock"> {
  /**
   * The module that the workers run; it calls `servePoolWorker` at its top. A compiled program must be told of it:
   * `deno compile --include path/to/worker.ts`.
   */
  readonly module: string | URL;
  /** What each worker builds its handler from. */
  readonly config?: JsonValue;
  /** How many workers; one a core unless given. */
  readonly workers?: number;
  /** Told in a sentence of what is done otherwise than asked for. */
  readonly onNotice?: (notice: string) => void;
}

/** How often a worker that has died is replaced before the pool gives up. */
const replacementsMax = 8;

/**
 * Serves in several workers, each with an event loop and a listener of its own; the kernel spreads connections over
 * them (SO_REUSEPORT). That is Linux's: elsewhere it says so and serves with one worker.
 */
export class PoolServer implements HttpServer {
  readonly #options: PoolServerOptions;
  readonly #ended = Promise.withResolvers<void>();
  readonly #workers = new Set<PoolWorker>();
  #past: ServerStats = newCounters();
  #replacements = 0;
  #address: ListenAddress | undefined;
  #shutdown: Promise<void> | undefined;

  constructor(options: PoolServerOptions) {
    this.#options = options;
  }

  get finished(): Promise<void> {
    return this.#ended.promise;
  }

  /** The sum over the workers, as of their last reports: at most a second old. */
  get stats(): ServerStats {
    return sumStats([this.#past, ...[...this.#workers].map((worker) => worker.stats)]);
  }

  async listen(options: ListenOptions): Promise<ListenAddress> {
    if (this.#address) throw new TypeError("The server listens already");
    // The first worker finds the port, if any will do; the others join it there.
    const address = await this.#start(options);
    this.#address = address;
    const others = this.#workerCount() - 1;
    try {
      const joined = { ...options, port: address.port };
      await Promise.all(Array.from({ length: others }, () => this.#start(joined)));
    } catch (error) {
      await this.shutdown({ graceMs: 0 });
      throw error;
    }
    return address;
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    return this.#shutdown ??= this.#end(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  #workerCount(): number {
    const wanted = this.#options.workers ?? navigator.hardwareConcurrency;
    if (!Number.isInteger(wanted) || wanted < 1) throw new RangeError(`A pool needs a worker, got ${wanted}`);
    if (Deno.build.os === "linux" || wanted === 1) return wanted;
    this.#options.onNotice?.("Ports cannot be shared on this system: serving with one worker");
    return 1;
  }

  async #start(listen: ListenOptions): Promise<ListenAddress> {
    const { onError = () => {} } = this.#options;
    const worker = new PoolWorker({ ...this.#options, listen, onError, onDeath: () => this.#replace(worker, listen) });
    this.#workers.add(worker);
    try {
      return await worker.listening;
    } catch (error) {
      this.#workers.delete(worker);
      throw error;
    }
  }

  /** A worker that died, which no handler's error brings about, is replaced some times; then the pool ends. */
  #replace(worker: PoolWorker, listen: ListenOptions): void {
    if (!this.#workers.delete(worker) || this.#shutdown) return;
    this.#past = sumStats([this.#past, { ...worker.stats, connectionsOpen: 0 }]);
    const port = this.#address?.port ?? listen.port;
    if (++this.#replacements > replacementsMax) void this.shutdown({ graceMs: 0 });
    else this.#start({ ...listen, port }).catch((error) => this.#options.onError?.(error));
  }

  async #end(options: ShutdownOptions): Promise<void> {
    const workers = [...this.#workers];
    await Promise.all(workers.map((worker) => worker.shutdown(options)));
    this.#past = this.stats;
    this.#workers.clear();
    this.#ended.resolve();
  }
}
