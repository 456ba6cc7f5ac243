/**
 * The composition root: the only place that names concrete backends and puts the layers together, for a client and for a
 * server. Each half is a module of its own, so that a client does not load the server.
 *
 * @module
 */
export { type Connection, type ConnectionOptions, openConnection } from "./client.ts";
export { type HttpAccess } from "./open_http.ts";
export { logFormats, type LogOptions } from "./open_log.ts";
export { openServer, type RunningServer, type ServeOptions } from "./server.ts";
