import { AsyncServer } from "./async_server.ts";
import type { HttpServer, ServerOptions } from "./http_server.ts";
import { PoolServer, type PoolServerOptions } from "./pool_server.ts";
import { SerialServer } from "./serial_server.ts";

/** Names of the servers, for menus and messages. */
export const serverNames = ["async", "serial", "pool"] as const;
/** Name of a server. */
export type ServerName = typeof serverNames[number];

/**
 * Makes a server by name.
 *
 * - `async`: all connections in one event loop.
 * - `serial`: one connection at a time.
 * - `pool`: several workers; it takes a module that builds the handler, since a handler cannot be sent to a worker.
 */
export function createServer(name: "async" | "serial", options: ServerOptions): HttpServer;
/** Makes a server of several workers, each of which builds its handler from the module that is named. */
export function createServer(name: "pool", options: PoolServerOptions): HttpServer;
/** Makes a server whose kind is known only at run time, from options that suit each of them. */
export function createServer(name: ServerName, options: ServerOptions & PoolServerOptions): HttpServer;
export function createServer(name: ServerName, options: ServerOptions | PoolServerOptions): HttpServer {
  if (name === "pool") {
    if (!("module" in options)) throw new TypeError("A pool needs a module that builds the handler");
    return new PoolServer(options);
  }
  if (!("handler" in options)) throw new TypeError(`The server ${name} needs a handler`);
  return name === "serial" ? new SerialServer(options) : new AsyncServer(options);
}
