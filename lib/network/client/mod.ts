/**
 * The HTTP/1.1 client: asks one server over kept connections. For programs that need no server.
 *
 * @module
 */
export { decodePieces } from "../content_codings.ts";
export { EventStreamError, readEventStream, type ReceivedEvent } from "../read_event_stream.ts";
export { ClientResponse } from "./client_response.ts";
export { type ClientTimeouts, defaultClientTimeouts } from "./client_timeouts.ts";
export { HttpClient, type HttpClientOptions } from "./http_client.ts";
export { HttpClientError, type HttpClientErrorKind, type HttpClientErrorOptions } from "./http_client_error.ts";
export type { ClientBody, ClientRequest } from "./request_head.ts";
