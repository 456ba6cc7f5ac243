import { assertEquals } from "@std/assert";
import { HeadParser } from "../../lib/network/head_parser.ts";
import { HeadState, requestHeadTable, responseHeadTable } from "../../lib/network/head_states.ts";
import { bytewise, latin1 } from "./support.ts";

function newParser(
  options: { readonly lineBytesMax?: number; readonly bytesMax?: number; readonly countMax?: number } = {},
) {
  return new HeadParser({
    table: requestHeadTable,
    start: HeadState.Start,
    lineBytesMax: 100,
    bytesMax: 1000,
    countMax: 10,
    ...options,
  });
}

/** What came out of a parser. */
interface Outcome {
  readonly first: string;
  readonly second: string;
  readonly third: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly taken: number;
  readonly status: number | undefined;
  readonly done: boolean;
}

function feedAll(parser: HeadParser, pieces: readonly Uint8Array[]): Outcome {
  let taken = 0;
  for (const piece of pieces) {
    if (parser.done || parser.error) break;
    taken += parser.feed(piece, 0, piece.length);
  }
  const { done, error } = parser;
  return {
    first: done ? parser.first : "",
    second: done ? parser.second : "",
    third: done ? parser.third : "",
    fields: done ? [...parser.headers] : [],
    taken,
    status: error?.status,
    done,
  };
}

/** Feeds a head whole, byte by byte, cut in two everywhere, and with bytes behind it; all must come to the same. */
function parse(text: string, make: () => HeadParser = newParser): Outcome {
  const bytes = latin1(text);
  const whole = feedAll(make(), [bytes]);
  assertEquals(feedAll(make(), bytewise(bytes)), whole, "byte by byte");
  for (let cut = 1; cut < bytes.length; cut++) {
    assertEquals(feedAll(make(), [bytes.subarray(0, cut), bytes.subarray(cut)]), whole, `cut at ${cut}`);
  }
  if (whole.done) assertEquals(feedAll(make(), [latin1(text + "GET / HTTP/1.1\r\n")]), whole, "with trailing bytes");
  return whole;
}

Deno.test("HeadParser gives the parts of a request head", () => {
  const text = "POST /a?b=c HTTP/1.1\r\nHost: example.org\r\nX-Empty:\r\nX-Spaces: \t a b \t \r\n\r\n";
  const outcome = parse(text);
  assertEquals([outcome.first, outcome.second, outcome.third], ["POST", "/a?b=c", "HTTP/1.1"]);
  assertEquals(outcome.fields, [["Host", "example.org"], ["X-Empty", ""], ["X-Spaces", "a b"]]);
  assertEquals(outcome.taken, text.length);
});

Deno.test("HeadParser passes over empty lines before the request line", () => {
  assertEquals(parse("\r\n\r\nGET / HTTP/1.1\r\n\r\n").first, "GET");
});

Deno.test("HeadParser keeps obs-text of a field value byte for byte", () => {
  assertEquals(parse("GET / HTTP/1.1\r\nA: \x80\xff\r\n\r\n").fields, [["A", "\x80\xff"]]);
});

Deno.test("HeadParser gives the parts of a response head, with and without a reason", () => {
  const make = () =>
    new HeadParser({ table: responseHeadTable, start: HeadState.Start, lineBytesMax: 99, bytesMax: 999, countMax: 9 });
  assertEquals(parse("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n", make).third, "Not Found");
  assertEquals(parse("HTTP/1.1 200 \r\n\r\n", make).second, "200");
  assertEquals(parse("HTTP/1.1 20x OK\r\n\r\n", make).status, 400);
});

const malformed: Readonly<Record<string, string>> = {
  "a bare LF after the request line": "GET / HTTP/1.1\nHost: a\r\n\r\n",
  "a bare CR in the request line": "GET /\r HTTP/1.1\r\n\r\n",
  "two spaces in the request line": "GET  / HTTP/1.1\r\n\r\n",
  "a tab in the request line": "GET\t/ HTTP/1.1\r\n\r\n",
  "a space at the end of the request line": "GET / HTTP/1.1 \r\n\r\n",
  "a request line of one word": "GET\r\n\r\n",
  "a request of HTTP/0.9": "GET /\r\n",
  "a NUL in the target": "GET /\0 HTTP/1.1\r\n\r\n",
  "a fragment in the target": "GET /#a HTTP/1.1\r\n\r\n",
  "a byte of UTF-8 in the target": "GET /\xc3\xa4 HTTP/1.1\r\n\r\n",
  "a space before the colon": "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
  "a field line without a colon": "GET / HTTP/1.1\r\nHost\r\n\r\n",
  "an empty field name": "GET / HTTP/1.1\r\n: a\r\n\r\n",
  "a folded field line": "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
  "a space before the first field line": "GET / HTTP/1.1\r\n A: b\r\n\r\n",
  "a bare LF in a field value": "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
  "a bare CR in a field value": "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
  "a NUL in a field value": "GET / HTTP/1.1\r\nA: b\0\r\n\r\n",
  "a DEL in a field value": "GET / HTTP/1.1\r\nA: b\x7f\r\n\r\n",
  "a bare CR at the end of the head": "GET / HTTP/1.1\r\nA: b\r\n\rGET",
  "a handshake of TLS": "\x16\x03\x01\x02\0\x01",
};

for (const [what, text] of Object.entries(malformed)) {
  Deno.test(`HeadParser refuses ${what}`, () => assertEquals(parse(text).status, 400));
}

Deno.test("HeadParser takes a request line up to the limit and refuses one byte more with 414", () => {
  const line = `GET /${"a".repeat(84)} HTTP/1.1\r\n`;
  const limited = (lineBytesMax: number) => () => newParser({ lineBytesMax });
  assertEquals(parse(line + "\r\n", limited(line.length)).done, true);
  assertEquals(parse(line + "\r\n", limited(line.length - 1)).status, 414);
  assertEquals(parse("\r\n".repeat(60), limited(100)).status, 414);
});

Deno.test("HeadParser takes a head up to the limit and refuses one byte more with 431", () => {
  const text = `GET / HTTP/1.1\r\nA: ${"b".repeat(300)}\r\n\r\n`;
  const limited = (bytesMax: number) => () => newParser({ bytesMax });
  assertEquals(parse(text, limited(text.length)).done, true);
  assertEquals(parse(text, limited(text.length - 1)).status, 431);
});

Deno.test("HeadParser takes fields up to the limit and refuses one more with 431", () => {
  const fields = (count: number) => `GET / HTTP/1.1\r\n${"A: b\r\n".repeat(count)}\r\n`;
  assertEquals(parse(fields(10)).done, true);
  assertEquals(parse(fields(11)).status, 431);
});

Deno.test("HeadParser reads the next head after a reset", () => {
  const parser = newParser();
  feedAll(parser, [latin1("GET /1 HTTP/1.1\r\nA: b\r\n\r\n")]);
  parser.reset();
  assertEquals(parser.begun, false);
  const outcome = feedAll(parser, [latin1("PUT /2 HTTP/1.1\r\n\r\n")]);
  assertEquals([outcome.first, outcome.second, outcome.fields], ["PUT", "/2", []]);
});
