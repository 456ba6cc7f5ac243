// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/http/cookie.js";
export * from "npm:deno-std@1.4.0/http/etag.js";
export * from "npm:deno-std@1.4.0/http/negotiation.js";
export * from "npm:deno-std@1.4.0/http/server_sent_event_stream.js";
export * from "npm:deno-std@1.4.0/http/status.js";
