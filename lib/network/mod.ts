/**
 * HTTP/1.1 on raw TCP: servers, a router, and a client.
 *
 * Bytes come in over a `ByteConnection` and leave over it; an incremental parser, strict where two parsers could disagree,
 * makes requests of them, and one loop a connection hands these to a handler, in order, and writes its responses. A
 * handler is a function from a request to a response; a `Router` is one. RFC 9110 and RFC 9112 are the law, every limit
 * and every timeout has a name, and nothing here knows what is being served.
 *
 * ```ts
 * import { createServer, json, Router, text } from "./mod.ts";
 *
 * const router = new Router()
 *   .get("/hello", () => text("Hello, World!"))
 *   .get("/users/:id", (_request, { id }) => json({ id }));
 * await using server = createServer("async", { handler: router.handler });
 * const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
 * console.log(`http://127.0.0.1:${port}/hello`);
 * ```
 *
 * @module
 */
export { ClientResponse } from "./client/client_response.ts";
export { type ClientTimeouts, defaultClientTimeouts } from "./client/client_timeouts.ts";
export { HttpClient, type HttpClientOptions } from "./client/http_client.ts";
export { HttpClientError, type HttpClientErrorKind, type HttpClientErrorOptions } from "./client/http_client_error.ts";
export type { ClientBody, ClientRequest } from "./client/request_head.ts";
export { compress, type CompressOptions } from "./compress.ts";
export type { ContentSource } from "./content_part.ts";
export { decodeContent, decodedBytes } from "./decode_content.ts";
export { eventStream, type EventStreamOptions } from "./event_stream.ts";
export { FileBody, type FileBodyOptions } from "./file_body.ts";
export { HttpError, type HttpErrorOptions } from "./http_error.ts";
export { HttpHeaders } from "./http_headers.ts";
export { defaultLimits, defaultTimeouts, type HttpLimits, type HttpTimeouts } from "./limits.ts";
export { type MemoryConnectionOptions, memoryConnectionPair } from "./memory_connection.ts";
export { after, type Answer, before, type Middleware, onError, wrapHandler } from "./middleware.ts";
export { evaluatePreconditions, type Validators } from "./preconditions.ts";
export { problemResponse } from "./problem_response.ts";
export { empty, html, json, problem, type ResponseOptions, text } from "./responses.ts";
export type { ParamNames, RouteParams, SegmentParam } from "./route_params.ts";
export { type RouteHandler, type RouteOptions, Router } from "./router.ts";
export { ConnectionHost } from "./server/connection_host.ts";
export { createServer, type ServerName, serverNames } from "./server/create_server.ts";
export type {
  HttpServer,
  ListenAddress,
  ListenOptions,
  ServerOptions,
  ShutdownOptions,
  TlsFiles,
} from "./server/http_server.ts";
export type { JsonValue } from "./server/pool_messages.ts";
export type { PoolServerOptions } from "./server/pool_server.ts";
export { type OwnedHandler, servePoolWorker } from "./server/serve_pool_worker.ts";
export { type Content, serveContent } from "./serve_content.ts";
export type { ServerStats } from "./server_stats.ts";
export type { ServerSentEventMessage } from "@std/http";
export { socketConnection } from "./socket_connection.ts";
export { systemTicker, type Ticker } from "./ticker.ts";
export type {
  BodyReadOptions,
  ByteConnection,
  HttpHandler,
  HttpRequest,
  HttpRequestBody,
  HttpResponse,
  RemoteAddress,
  ResponseBody,
  ResponseHeaders,
} from "./types.ts";
export { utf8Length } from "./utf8_length.ts";
