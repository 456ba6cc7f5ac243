import { AsyncServer } from "./async_server.ts";
import type { HttpServer, ServerOptions } from "./http_server.ts";

/** Names of the servers. */
export type ServerName = "async";

/** Makes a server by name. */
export function createServer(_name: ServerName, options: ServerOptions): HttpServer {
  return new AsyncServer(options);
}
