import { HistoryRemote } from "../client/mod.ts";
import { knownServer, type KnownServerOptions } from "./known_server.ts";

/** A space's past, until it is disposed of. */
export interface OpenedHistory extends Disposable {
  readonly history: HistoryRemote;
  /** Name of the space. */
  readonly space: string;
}

/**
 * Prepares to ask a server for the past of a space; no byte is sent yet. The folder is not locked.
 *
 * @throws {Failure} if no server is known.
 */
export function openHistory(options: KnownServerOptions): OpenedHistory {
  const { http, ...server } = knownServer(options);
  return { history: new HistoryRemote(http, server), space: server.space, [Symbol.dispose]: () => http.close() };
}
