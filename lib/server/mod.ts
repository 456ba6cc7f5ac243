/**
 * The HTTP API of a dfs server: routes that check what a request says, call the service, and put its answer into HTTP.
 * Nothing is decided here.
 *
 * @module
 */
export type { ServerSentEventMessage } from "@std/http";
export { type ApiOptions, apiRouter } from "./api_router.ts";
export { type Monitoring } from "./monitoring_routes.ts";
