import { assertEquals } from "@std/assert";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { compress, decodedBytes, type HttpHandler, text, wrapHandler } from "../../lib/network/mod.ts";
import { bytewise, fromLatin1, latin1, readResponses, serveScripted } from "./support.ts";
import { gzipSync, zstdCompressSync } from "node:zlib";

const long = "some text, ".repeat(500);

async function ask(handler: HttpHandler, accept: string | undefined, method = "GET") {
  await using scripted = serveScripted(wrapHandler(handler, [compress()]));
  const { connection } = scripted;
  const field = accept === undefined ? "" : `Accept-Encoding: ${accept}\r\n`;
  void connection.send(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${field}\r\n`);
  await connection.when(() => connection.closed);
  return readResponses(connection.output, [method])[0]!;
}

const decoders: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  zstd: zstdDecompressSync,
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

Deno.test("compress() sends what the client likes best", async () => {
  const cases: readonly (readonly [accept: string | undefined, coding: string | undefined])[] = [
    ["gzip, br, zstd", "gzip"],
    ["zstd", "zstd"],
    ["br;q=0.5, gzip;q=0.4", "br"],
    ["gzip;q=0, br;q=0", undefined],
    ["identity", undefined],
    ["x", undefined],
    [undefined, undefined],
  ];
  for (const [accept, coding] of cases) {
    const { headers, body } = await ask(() => text(long), accept);
    assertEquals([headers["content-encoding"], headers["vary"]], [coding, "Accept-Encoding"], accept);
    const decoded = coding ? fromLatin1(decoders[coding]!(latin1(body))) : body;
    assertEquals(decoded, long, accept);
  }
});

Deno.test("compress() compresses streams as they come", async () => {
  for (const coding of Object.keys(decoders)) {
    const handler: HttpHandler = () => ({
      status: 200,
      headers: { "Content-Type": "application/json", "Content-Length": String(long.length), ETag: '"1"' },
      body: ReadableStream.from(bytewise(latin1(long))),
    });
    const { headers, body } = await ask(handler, coding);
    assertEquals(fromLatin1(decoders[coding]!(latin1(body))), long);
    assertEquals([headers["content-length"], headers["etag"]], [undefined, 'W/"1"']);
  }
});

Deno.test("compress() leaves small, binary, partial and encoded content alone", async () => {
  const plain = async (handler: HttpHandler) => (await ask(handler, "gzip")).headers["content-encoding"];
  assertEquals(await plain(() => text("short")), undefined);
  assertEquals(await plain(() => text(long, { headers: { "Content-Type": "image/png" } })), undefined);
  assertEquals(await plain(() => text(long, { status: 206 })), undefined);
  assertEquals(await plain(() => text(long, { headers: { "Content-Encoding": "br" } })), "br");
  assertEquals(await plain(() => text(long, { headers: { "Cache-Control": "no-transform" } })), undefined);
  assertEquals(await plain(() => text(long, { headers: { "Content-Type": "text/event-stream" } })), undefined);
});

Deno.test("compress() answers HEAD with the fields of GET, without a length", async () => {
  const { headers } = await ask(() => text(long), "gzip", "HEAD");
  assertEquals([headers["content-encoding"], headers["content-length"]], ["gzip", undefined]);
});

async function post(body: Uint8Array, coding: string, max: number) {
  await using scripted = serveScripted(async (request) => ({
    status: 200,
    body: await decodedBytes(request, { max }),
  }));
  const { connection } = scripted;
  const head =
    `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}`;
  void connection.send(latin1(`${head}\r\n\r\n`), body);
  await connection.when(() => connection.ended);
  return readResponses(connection.output)[0]!;
}

Deno.test("decodedBytes() takes zstd and gzip off", async () => {
  assertEquals((await post(gzipSync(long), "gzip", 10_000)).body, long);
  assertEquals((await post(zstdCompressSync(long), "zstd", 10_000)).body, long);
  assertEquals((await post(latin1(long), "identity", 10_000)).body, long);
});

Deno.test("decodedBytes() stops a bomb at the limit", async () => {
  const bomb = gzipSync(new Uint8Array(50_000_000));
  assertEquals((await post(bomb, "gzip", 1_000_000)).status, 413);
  assertEquals((await post(zstdCompressSync(new Uint8Array(50_000_000)), "zstd", 1_000_000)).status, 413);
});

Deno.test("decodedBytes() refuses unknown codings with 415, and broken content with 400", async () => {
  const refused = await post(latin1("x"), "compress", 10);
  assertEquals([refused.status, refused.headers["accept-encoding"]], [415, "zstd, gzip"]);
  assertEquals((await post(latin1("x"), "gzip, gzip", 10)).status, 415);
  assertEquals((await post(latin1("this is not gzip"), "gzip", 100)).status, 400);
  assertEquals((await post(gzipSync(long).subarray(0, 20), "gzip", 10_000)).status, 400);
});
