/**
 * Feeds mutated requests to the parsers, each in two different cuts and after the request it was made of, and compares
 * what they make of them.
 *
 *     deno task fuzz:http [COUNT] [SEED]
 */
import { ChunkedDecoder } from "../../lib/network/chunked_decoder.ts";
import { requestHeadOptions, RequestReader } from "../../lib/network/request_reader.ts";
import { latin1 } from "./support.ts";

const seeds: readonly Uint8Array[] = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b?c HTTP/1.0\r\n\r\n",
  "POST /a HTTP/1.1\r\nHost: a.example:80\r\nContent-Length: 11\r\n\r\nhello world",
  "PUT /a HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost:\r\nConnection: close, x\r\nExpect: 100-continue\r\n\r\n",
  "GET http://a/b HTTP/1.1\r\nHost: a\r\nX-Long:  a value \t of words \r\n\r\n",
].map(latin1);

/** What is put into requests: what frames them, and what looks like it. */
const tokens: readonly Uint8Array[] = [
  ...[
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "0",
    "-1",
    "+",
    "0x",
    "\xff",
    "\x7f",
    "chunked",
    "Host: b\r\n",
  ],
  ...["Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", " HTTP/1.1\r\n", "\r\n\r\n", "%", '"', "\\", "gzip"],
].map(latin1);

/** Options of {@linkcode fuzzHttp}. */
export interface FuzzHttpOptions {
  /** How many requests. */
  readonly count: number;
  /** The same seed makes the same requests. */
  readonly seed: number;
}

/** What {@linkcode fuzzHttp} has seen. */
export interface FuzzHttpResult {
  readonly accepted: number;
  readonly refused: number;
  readonly unfinished: number;
}

/**
 * Runs the fuzzer; throws an error that names seed and request if the verdict on a request depends on how it was cut, or
 * on the request before it.
 */
export function fuzzHttp(options: FuzzHttpOptions): FuzzHttpResult {
  const random = newRandom(options.seed);
  const result = { accepted: 0, refused: 0, unfinished: 0 };
  for (let i = 0; i < options.count; i++) {
    const origin = seeds[random(seeds.length)]!;
    const bytes = mutate(origin, random);
    const whole = judge(bytes, newReader(), () => bytes.length);
    const cut = judge(bytes, newReader(), () => 1 + random(8));
    const after = judge(bytes, readerAfter(origin), () => bytes.length);
    if (whole !== cut || whole !== after) {
      const text = JSON.stringify(String.fromCharCode(...bytes));
      const verdicts = `"${whole}" whole, "${cut}" in pieces and "${after}" after another`;
      throw new Error(`Seed ${options.seed}, request ${i}: ${text} is ${verdicts}`);
    }
    if (whole.endsWith("!")) result.refused++;
    else if (whole.endsWith("?")) result.unfinished++;
    else result.accepted++;
  }
  return result;
}

/** Numbers from 0 up to a limit, the same for the same seed (mulberry32). */
function newRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** A request with one to three changes: a byte, a token put in, a part taken out or doubled. */
function mutate(origin: Uint8Array, random: (limit: number) => number): Uint8Array {
  let bytes = origin;
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const end = Math.min(bytes.length, at + random(12));
    switch (random(4)) {
      case 0:
        bytes = bytes.slice();
        bytes[Math.min(at, bytes.length - 1)] = random(256);
        break;
      case 1:
        bytes = splice(bytes, at, at, tokens[random(tokens.length)]!);
        break;
      case 2:
        bytes = splice(bytes, at, end, bytes.subarray(0, 0));
        break;
      case 3:
        bytes = splice(bytes, end, end, bytes.subarray(at, end));
    }
    if (bytes.length === 0) bytes = origin;
  }
  return bytes;
}

function splice(bytes: Uint8Array, start: number, end: number, put: Uint8Array): Uint8Array {
  const spliced = new Uint8Array(bytes.length - (end - start) + put.length);
  spliced.set(bytes.subarray(0, start));
  spliced.set(put, start);
  spliced.set(bytes.subarray(end), start + put.length);
  return spliced;
}

const limits = { lineBytesMax: 200, trailerBytesMax: 60, trailerCountMax: 3 };

function newReader(): RequestReader {
  return new RequestReader(requestHeadOptions({ requestLineBytesMax: 60, headBytesMax: 200, headerCountMax: 5 }));
}

/** A reader that has read the head of a request twice, and knows it therefore. */
function readerAfter(request: Uint8Array): RequestReader {
  const reader = newReader();
  for (let times = 0; times < 2; times++) {
    reader.feed(request, 0, request.length);
    reader.take();
  }
  return reader;
}

/**
 * What the parsers make of some bytes, given in pieces: each request with its framing, fields and content; at the end `!`
 * for a refusal, `?` for a request that is not complete.
 */
function judge(bytes: Uint8Array, reader: RequestReader, nextLength: () => number): string {
  let verdict = "";
  let decoder: ChunkedDecoder | undefined;
  let left = 0;
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    if (at === end) end = Math.min(bytes.length, end + nextLength());
    if (decoder) {
      at = decoder.step(bytes, at, end);
      if (decoder.error) return `${verdict}${decoder.error.status}!`;
      for (let i = decoder.contentStart; i < decoder.contentEnd; i++) verdict += `${bytes[i]},`;
      if (decoder.done) decoder = undefined;
    } else if (left > 0) {
      const taken = Math.min(left, end - at);
      left -= taken;
      at += taken;
    } else {
      at += reader.feed(bytes, at, end);
      if (!reader.over) continue;
      const head = reader.take();
      if (!head.ok) return `${verdict}${head.error.status}!`;
      const { method, path, length, keepAlive, headers } = head.value;
      verdict += `${method} ${path} ${length} ${keepAlive} ${[...headers]};`;
      if (!keepAlive) return verdict;
      left = Math.max(0, length);
      if (length < 0) decoder = new ChunkedDecoder(limits);
    }
  }
  return decoder || left > 0 || reader.begun ? `${verdict}?` : verdict;
}

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 10_000_000);
  const firstSeed = Number(Deno.args[1] ?? Date.now() % 1_000_000);
  const batch = 500_000;
  for (let done = 0, seed = firstSeed; done < count; done += batch, seed++) {
    const { accepted, refused, unfinished } = fuzzHttp({ count: Math.min(batch, count - done), seed });
    console.log(`seed ${seed}: ${accepted} accepted, ${refused} refused, ${unfinished} unfinished`);
  }
}
