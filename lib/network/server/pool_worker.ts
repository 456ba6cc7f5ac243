import { newCounters, type ServerStats } from "../server_stats.ts";
import type { ListenAddress, ListenOptions, ShutdownOptions } from "./http_server.ts";
import type { PoolCommand, PoolReport } from "./pool_messages.ts";
import type { PoolServerOptions } from "./pool_server.ts";

/** What a {@linkcode PoolWorker} works with. */
export interface PoolWorkerOptions extends PoolServerOptions {
  readonly listen: ListenOptions;
  readonly onError: (error: unknown) => void;
  /** Called if the worker ends without having been told to, after it had begun to listen. */
  readonly onDeath: () => void;
}

/** One worker of a pool, seen from outside. */
export class PoolWorker {
  readonly #worker: Worker;
  readonly #listening = Promise.withResolvers<ListenAddress>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #options: PoolWorkerOptions;
  #stats: ServerStats = newCounters();
  #listens = false;

  constructor(options: PoolWorkerOptions) {
    this.#options = options;
    this.#worker = new Worker(options.module, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<PoolReport>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#die(new Error(`A worker died: ${event.message}`));
    };
    this.#tell({
      kind: "listen",
      config: options.config ?? null,
      listen: options.listen,
      limits: options.limits ?? {},
      timeouts: options.timeouts ?? {},
      reusePort: Deno.build.os === "linux",
    });
  }

  /** Where it listens; rejects if it cannot. */
  get listening(): Promise<ListenAddress> {
    return this.#listening.promise;
  }

  /** What it has done, as of its last report. */
  get stats(): ServerStats {
    return this.#stats;
  }

  /** Ends it; settles when it has ended. */
  shutdown(options: ShutdownOptions): Promise<void> {
    this.#tell({ kind: "shutdown", options });
    return this.#finished.promise;
  }

  #tell(command: PoolCommand): void {
    this.#worker.postMessage(command);
  }

  #take(report: PoolReport): void {
    switch (report.kind) {
      case "listening":
        this.#listens = true;
        return this.#listening.resolve(report.address);
      case "stats":
        this.#stats = report.stats;
        return;
      case "error":
        return this.#options.onError(new Error(report.message));
      case "failed":
        return this.#die(new Error(`A worker cannot serve: ${report.message}`));
      case "finished":
        this.#stats = report.stats;
        this.#worker.terminate();
        return this.#finished.resolve();
    }
  }

  #die(error: Error): void {
    this.#worker.terminate();
    this.#finished.resolve();
    if (!this.#listens) return this.#listening.reject(error);
    this.#options.onError(error);
    this.#options.onDeath();
  }
}
