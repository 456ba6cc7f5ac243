import { assertEquals, assertStrictEquals } from "@std/assert";
import { requestHeadOptions, RequestReader } from "../../lib/network/request_reader.ts";
import { bytewise, latin1 } from "./support.ts";

const text = "GET /a?b HTTP/1.1\r\nHost: a\r\nX-Some: thing \r\nConnection: keep-alive\r\n\r\n";

function newReader(): RequestReader {
  return new RequestReader(requestHeadOptions({ requestLineBytesMax: 100, headBytesMax: 2000, headerCountMax: 4 }));
}

/** A reader that has seen a head twice, and knows it therefore. */
function readerAfter(bytes: Uint8Array): RequestReader {
  const reader = newReader();
  readHead(reader, bytes);
  readHead(reader, bytes);
  return reader;
}

/** Gives a reader the pieces of one head; says what came out in a form that compares. */
function readHead(reader: RequestReader, ...pieces: readonly Uint8Array[]) {
  let taken = 0;
  for (const piece of pieces) if (!reader.over) taken += reader.feed(piece, 0, piece.length);
  const { over, begun } = reader;
  if (!over) return { taken, begun };
  const head = reader.take();
  return {
    taken,
    begun,
    ok: head.ok,
    head: head.ok ? { ...head.value, headers: [...head.value.headers] } : head.error,
  };
}

Deno.test("RequestReader gives a head that comes again as it gave the first", () => {
  const reader = newReader();
  const first = readHead(reader, latin1(text));
  assertEquals(first.ok, true);
  assertEquals(readHead(reader, latin1(text)), first);
  assertEquals(readHead(reader, latin1(text)), first, "for the third time");
  assertEquals(readHead(reader, latin1(text + text)), first, "with bytes behind it");
  assertEquals(readHead(reader, ...bytewise(latin1(text))), first, "byte by byte");
  assertEquals(readHead(reader, latin1(text)), first, "after one in pieces");
});

Deno.test("RequestReader does not read a head anew that comes for the third time", () => {
  const reader = newReader();
  const bytes = latin1(text);
  const [, second, third] = [1, 2, 3].map(() => {
    reader.feed(bytes, 0, bytes.length);
    const head = reader.take();
    return head.ok ? head.value : head.error;
  });
  assertStrictEquals(second, third);
});

Deno.test("RequestReader lets no head before decide on one that differs in a byte", () => {
  const bytes = latin1(text);
  for (let i = 0; i < bytes.length; i++) {
    for (const byte of [0x0a, 0x0d, 0x20, 0x31, 0x3a, 0x61]) {
      const reader = readerAfter(bytes);
      const changed = bytes.slice();
      changed[i] = byte;
      assertEquals(readHead(reader, changed), readHead(newReader(), changed), `byte ${i} is ${byte}`);
    }
  }
});

Deno.test("RequestReader lets no head before decide on one that is cut or goes on", () => {
  const bytes = latin1(text);
  for (let end = 1; end < bytes.length; end++) {
    const reader = readerAfter(bytes);
    assertEquals(readHead(reader, bytes.subarray(0, end)), readHead(newReader(), bytes.subarray(0, end)));
    assertEquals(readHead(reader, bytes.subarray(end)).ok, true);
  }
});

Deno.test("RequestReader holds fields that come again to the limit of a head", () => {
  const fields = `Host: a\r\nX-Long: ${"x".repeat(1900)}\r\n\r\n`;
  const reader = newReader();
  for (const path of ["/", "/a"]) assertEquals(readHead(reader, latin1(`GET ${path} HTTP/1.1\r\n${fields}`)).ok, true);
  assertEquals(readHead(reader, latin1(`GET /${"y".repeat(50)} HTTP/1.1\r\n${fields}`)).ok, true);
  const over = readHead(reader, latin1(`GET /${"y".repeat(70)} HTTP/1.1\r\n${fields}`));
  assertEquals(over.head, { status: 431, detail: "The header section is longer than 2000 bytes" });
});

Deno.test("RequestReader keeps the method of a head that it refuses", () => {
  const reader = readerAfter(latin1(text));
  assertEquals(readHead(reader, latin1("HEAD / HTTP/3.0\r\nHost: a\r\n\r\n")).ok, false);
  assertEquals(reader.method, "HEAD");
});
