/// <reference lib="deno.worker" />
import type { HttpHandler } from "../types.ts";
import { newCounters } from "../server_stats.ts";
import { AsyncServer } from "./async_server.ts";
import type { JsonValue, PoolCommand, PoolReport } from "./pool_messages.ts";

/** How often a worker reports what it has done. */
const reportIntervalMs = 1_000;

/** A handler with what it stands on, which is let go of when the worker has answered its last request. */
export interface OwnedHandler extends AsyncDisposable {
  /** Answers the requests of one worker; not called any more when the whole is disposed of. */
  readonly handler: HttpHandler;
}

/**
 * Makes a module the worker of a `pool` server: call it at the top of the module that the pool is given. Elsewhere than
 * in a worker it does nothing.
 *
 * @param createHandler Builds the handler from the configuration that the pool was given, in each worker anew.
 */
export function servePoolWorker(
  createHandler: (config: JsonValue) => HttpHandler | OwnedHandler | Promise<HttpHandler | OwnedHandler>,
): void {
  if (typeof DedicatedWorkerGlobalScope === "undefined" || !(self instanceof DedicatedWorkerGlobalScope)) return;
  let server: AsyncServer | undefined;
  let owned: OwnedHandler | undefined;
  self.onmessage = async ({ data }: MessageEvent<PoolCommand>) => {
    if (data.kind === "listen") {
      try {
        const created = await createHandler(data.config);
        owned = typeof created === "function" ? undefined : created;
        server = await startServer(data, typeof created === "function" ? created : created.handler);
      } catch (error) {
        await dispose(owned);
        report({ kind: "failed", message: describe(error) });
      }
    } else {
      await server?.shutdown(data.options);
      await dispose(owned);
      report({ kind: "finished", stats: server?.stats ?? newCounters() });
      // The pool ends this worker when it has read the report; a worker that closes itself may lose it.
    }
  };
}

async function startServer(command: PoolCommand & { kind: "listen" }, handler: HttpHandler): Promise<AsyncServer> {
  const { limits, timeouts, reusePort, listen } = command;
  const onError = (error: unknown) => report({ kind: "error", message: describe(error) });
  const server = new AsyncServer({ handler, limits, timeouts, onError }, reusePort);
  report({ kind: "listening", address: await server.listen(listen) });
  const timer = setInterval(() => report({ kind: "stats", stats: server.stats }), reportIntervalMs);
  void server.finished.then(() => clearInterval(timer));
  return server;
}

async function dispose(owned: OwnedHandler | undefined): Promise<void> {
  try {
    await owned?.[Symbol.asyncDispose]();
  } catch (error) {
    report({ kind: "error", message: describe(error) });
  }
}

function report(message: PoolReport): void {
  self.postMessage(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
