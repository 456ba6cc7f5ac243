import { assertEquals } from "@std/assert";
import { ChunkedDecoder } from "../../lib/network/chunked_decoder.ts";
import { bytewise, fromLatin1, latin1 } from "./support.ts";

/** What came out of a decoder. */
interface Outcome {
  readonly content: string;
  readonly trailers: readonly (readonly [string, string])[];
  readonly status: number | undefined;
  readonly done: boolean;
  readonly taken: number;
}

function decodePieces(pieces: readonly Uint8Array[]): Outcome {
  const decoder = new ChunkedDecoder({ lineBytesMax: 40, trailerBytesMax: 60, trailerCountMax: 3 });
  let content = "";
  let taken = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length && !decoder.done && !decoder.error;) {
      const next = decoder.step(piece, at, piece.length);
      content += fromLatin1(piece.subarray(decoder.contentStart, decoder.contentEnd));
      taken += next - at;
      at = next;
    }
  }
  const { done, error, trailers } = decoder;
  return { content, trailers: [...trailers], status: error?.status, done, taken: error ? 0 : taken };
}

/** Decodes whole, byte by byte, cut in two everywhere, and with bytes behind; all must come to the same. */
function decode(text: string): Outcome {
  const bytes = latin1(text);
  const whole = decodePieces([bytes]);
  assertEquals(decodePieces(bytewise(bytes)), whole, "byte by byte");
  for (let cut = 1; cut < bytes.length; cut++) {
    assertEquals(decodePieces([bytes.subarray(0, cut), bytes.subarray(cut)]), whole, `cut at ${cut}`);
  }
  if (whole.done) assertEquals(decodePieces([latin1(text + "GET /")]), whole, "with trailing bytes");
  return whole;
}

Deno.test("ChunkedDecoder takes the coding off", () => {
  const text = "5\r\nhello\r\n0006\r\n world\r\n0\r\n\r\n";
  const outcome = decode(text);
  assertEquals([outcome.content, outcome.done, outcome.taken], ["hello world", true, text.length]);
});

Deno.test("ChunkedDecoder reads sizes in either case, and data that look like chunks", () => {
  assertEquals(decode("a\r\n0\r\n\r\n01234\r\nA\r\n0123456789\r\n0\r\n\r\n").content, "0\r\n\r\n012340123456789");
});

Deno.test("ChunkedDecoder passes over extensions", () => {
  assertEquals(decode('1;a\r\nx\r\n1 ; b = "q;\\"r" ;c=d\r\ny\r\n0;e\r\n\r\n').content, "xy");
});

Deno.test("ChunkedDecoder gives the trailers", () => {
  assertEquals(decode("0\r\nX-Sum: 1\r\nY: 2\r\n\r\n").trailers, [["X-Sum", "1"], ["Y", "2"]]);
});

const malformed: Readonly<Record<string, string>> = {
  "no size": "\r\n\r\n",
  "a size that is no number": "g\r\n",
  "a size with a sign": "+1\r\nx\r\n0\r\n\r\n",
  "a size with 0x": "0x1\r\nx\r\n0\r\n\r\n",
  "a space before the size": " 1\r\nx\r\n0\r\n\r\n",
  "a space after the size": "1 \r\nx\r\n0\r\n\r\n",
  "an underscore in the size": "1_0\r\n",
  "a bare LF after the size": "1\nx\r\n0\r\n\r\n",
  "a bare CR after the size": "1\rx",
  "a bare LF after the data": "1\r\nx\n0\r\n\r\n",
  "data longer than the size": "1\r\nxy\r\n0\r\n\r\n",
  "a size that is too large": "10000000000000\r\n",
  "an extension with a bare LF": "1;a\nb\r\nx\r\n0\r\n\r\n",
  "an extension without a name": "1;\r\nx\r\n0\r\n\r\n",
  "an extension with an open quote": '1;a="b\r\nx\r\n',
  "a size line that is too long": `1;${"a".repeat(60)}\r\nx\r\n0\r\n\r\n`,
  "a trailer without a colon": "0\r\nabc\r\n\r\n",
  "a folded trailer": "0\r\nA: b\r\n c\r\n\r\n",
};

for (const [what, text] of Object.entries(malformed)) {
  Deno.test(`ChunkedDecoder refuses ${what}`, () => assertEquals(decode(text).status, 400));
}

Deno.test("ChunkedDecoder refuses trailers past the limits with 431", () => {
  assertEquals(decode(`0\r\nA: ${"b".repeat(60)}\r\n\r\n`).status, 431);
  assertEquals(decode("0\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\n\r\n").status, 431);
});
