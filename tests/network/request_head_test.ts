import { assertEquals } from "@std/assert";
import { HeadParser } from "../../lib/network/head_parser.ts";
import { HeadState, requestHeadTable } from "../../lib/network/head_states.ts";
import { readRequestHead } from "../../lib/network/request_head.ts";
import { latin1 } from "./support.ts";

function read(text: string) {
  const parser = new HeadParser({
    table: requestHeadTable,
    start: HeadState.Start,
    lineBytesMax: 1000,
    bytesMax: 1000,
    countMax: 10,
  });
  const bytes = latin1(text);
  parser.feed(bytes, 0, bytes.length);
  assertEquals(parser.done, true, "The head must be one for the parser");
  return readRequestHead(parser);
}

function head(line: string, ...fields: string[]) {
  const result = read([line, ...fields, "", ""].join("\r\n"));
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

function statusOf(line: string, ...fields: string[]): number | undefined {
  const result = read([line, ...fields, "", ""].join("\r\n"));
  return result.ok ? undefined : result.error.status;
}

Deno.test("readRequestHead() gives method, path, query and framing", () => {
  const { method, path, query, length, keepAlive, minor } = head(
    "PUT /a%20b?c=d HTTP/1.1",
    "Host: a",
    "Content-Length: 5",
  );
  assertEquals({ method, path, query, length, keepAlive, minor }, {
    method: "PUT",
    path: "/a%20b",
    query: "c=d",
    length: 5,
    keepAlive: true,
    minor: 1,
  });
});

Deno.test("readRequestHead() keeps a connection as version and Connection say", () => {
  assertEquals(head("GET / HTTP/1.1", "Host: a", "Connection: close").keepAlive, false);
  assertEquals(head("GET / HTTP/1.1", "Host: a", "Connection: x, CLOSE").keepAlive, false);
  assertEquals(head("GET / HTTP/1.0").keepAlive, false);
  assertEquals(head("GET / HTTP/1.0", "Connection: Keep-Alive").keepAlive, true);
  assertEquals(head("GET / HTTP/1.0", "Connection: keep-alive, close").keepAlive, false);
});

Deno.test("readRequestHead() sees that a client waits for 100 Continue, only if content follows", () => {
  assertEquals(head("PUT / HTTP/1.1", "Host: a", "Expect: 100-Continue", "Content-Length: 1").expectsContinue, true);
  assertEquals(head("PUT / HTTP/1.1", "Host: a", "Expect: 100-continue").expectsContinue, false);
  assertEquals(head("PUT / HTTP/1.0", "Expect: 100-continue", "Content-Length: 1").expectsContinue, false);
  assertEquals(statusOf("PUT / HTTP/1.1", "Host: a", "Expect: a-pony"), 417);
});

Deno.test("readRequestHead() refuses a missing, repeated or invalid Host", () => {
  assertEquals(statusOf("GET / HTTP/1.1"), 400);
  assertEquals(statusOf("GET / HTTP/1.1", "Host: a", "Host: a"), 400);
  assertEquals(statusOf("GET / HTTP/1.1", "Host: a b"), 400);
  assertEquals(statusOf("GET / HTTP/1.1", "Host: a/b"), 400);
  assertEquals(statusOf("GET / HTTP/1.1", "Host:"), undefined);
  assertEquals(statusOf("GET / HTTP/1.0"), undefined);
});

Deno.test("readRequestHead() refuses versions that are none or not spoken", () => {
  assertEquals(statusOf("GET / HTTP/2.0", "Host: a"), 505);
  assertEquals(statusOf("GET / HTTP/0.9", "Host: a"), 505);
  assertEquals(statusOf("GET / HTTP/1.10", "Host: a"), 400);
  assertEquals(statusOf("GET / HTTP", "Host: a"), 400);
  assertEquals(head("GET / HTTP/1.2", "Host: a").minor, 1);
});

Deno.test("readRequestHead() refuses known methods in another case with 501", () => {
  assertEquals(statusOf("get / HTTP/1.1", "Host: a"), 501);
  assertEquals(head("purge / HTTP/1.1", "Host: a").method, "purge");
});

Deno.test("readRequestHead() refuses whatever two recipients could frame differently", () => {
  const post = (...fields: string[]) => statusOf("POST / HTTP/1.1", "Host: a", ...fields);
  assertEquals(post("Content-Length: 1", "Transfer-Encoding: chunked"), 400);
  assertEquals(post("Content-Length: 1", "Content-Length: 1"), 400);
  assertEquals(post("Content-Length: 1, 1"), 400);
  assertEquals(post("Content-Length: +1"), 400);
  assertEquals(post("Content-Length: -1"), 400);
  assertEquals(post("Content-Length: 0x1"), 400);
  assertEquals(post("Content-Length: 1e3"), 400);
  assertEquals(post("Content-Length: 1.0"), 400);
  assertEquals(post("Content-Length: 9007199254740992"), 400);
  assertEquals(post("Content-Length: 99999999999999999999"), 400);
  assertEquals(post("Content-Length:"), 400);
  assertEquals(post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400);
  assertEquals(post("Transfer-Encoding: chunked, chunked"), 400);
  assertEquals(post("Transfer-Encoding: identity"), 400);
  assertEquals(post("Transfer-Encoding: chunked, gzip"), 400);
  assertEquals(post("Transfer-Encoding: \xa0chunked"), 400);
  assertEquals(post("Transfer-Encoding:"), 400);
  assertEquals(post("Transfer-Encoding: gzip, chunked"), 501);
  assertEquals(statusOf("POST / HTTP/1.0", "Transfer-Encoding: chunked"), 400);
  assertEquals(post("Transfer-Encoding: Chunked"), undefined);
  assertEquals(post("Content-Length: 0009"), undefined);
});
