import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Router } from "../../lib/network/mod.ts";
import { bytewise, latin1, type ReadResponse, readResponses, serveScripted } from "./support.ts";

/** The parts of a case of the corpus that are judged here. */
interface CorpusCase {
  readonly id: string;
  readonly name: string;
  readonly raw_b64: string;
  readonly phase2_b64?: string;
  readonly expect: "2xx-or-4xx-not-400" | "400-or-close" | "either";
  readonly responses?: number;
  readonly min_responses?: number;
  readonly before?: number;
  readonly must_close?: boolean;
  readonly also_ok?: readonly number[];
  readonly forbid_2xx?: boolean;
  readonly forbid_1xx?: boolean;
  readonly must_wait?: boolean;
  readonly allow_timeout?: boolean;
  readonly strict_status?: readonly number[];
  readonly echo_b64?: string;
  readonly methods?: readonly string[];
}

const corpusPath = fromFileUrl(new URL("../../../shared/http-corpus/http1_corpus.json", import.meta.url));
const corpus = await readCorpus();

async function readCorpus(): Promise<readonly CorpusCase[]> {
  try {
    return JSON.parse(await Deno.readTextFile(corpusPath)).cases;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`The corpus of requests is not at ${corpusPath}: its test has nothing to run`);
    return [];
  }
}

const router = new Router().any("/echo", async (request) => ({
  status: 200,
  body: await request.body.bytes({ max: 1_000_000 }),
}));

function decode(base64: string): string {
  return atob(base64).replaceAll("{PATH}", "/echo").replaceAll("{HOST}", "localhost");
}

/** Cuts bytes at random places, the same ones for the same seed. */
function cutAtRandom(bytes: Uint8Array, seed: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let state = seed * 2654435761 >>> 0;
  for (let at = 0; at < bytes.length;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const end = Math.min(bytes.length, at + 1 + state % 40);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

async function judge(test: CorpusCase, pieces: readonly Uint8Array[]): Promise<string | undefined> {
  await using scripted = serveScripted(router.handler);
  const { connection } = scripted;
  await connection.send(...pieces);
  if (test.must_wait && (connection.output !== "" || connection.ended)) {
    return "answered before the message was complete";
  }
  if (test.phase2_b64) {
    if (connection.output === "") return "nothing was sent before the content";
    if (!/^HTTP\/1\.1 [2-5]/.test(connection.output)) await connection.send(decode(test.phase2_b64));
  }
  const responses = readResponses(connection.output, test.methods);
  return judgeResponses(test, responses, connection.ended);
}

function judgeResponses(test: CorpusCase, responses: readonly ReadResponse[], closed: boolean): string | undefined {
  const finals = responses.filter(({ status }) => status >= 200);
  const statuses = finals.map(({ status }) => status);
  const also = test.also_ok ?? [];
  const before = test.before ?? 0;
  const accepted = (status: number) =>
    (status >= 200 && status < 500 && ![400, 408].includes(status)) || also.includes(status);
  const rejected = (status: number) => status === 400 || also.includes(status);
  if (test.forbid_1xx && finals.length < responses.length) return "an interim response was sent";
  if (test.forbid_2xx && statuses.some((status) => status < 300)) return "a 2xx was sent";
  if (statuses.length > before + Math.max(1, test.responses ?? 0)) return `too many responses: ${statuses}`;
  if (test.must_close && !closed) return "the connection is left open";
  if (test.expect === "2xx-or-4xx-not-400") {
    if (statuses.length < (test.min_responses ?? test.responses ?? 1)) return `too few responses: ${statuses}`;
    if (!statuses.every(accepted)) return `a valid request was answered ${statuses}`;
  } else if (test.expect === "400-or-close") {
    if (statuses.length < before || !statuses.slice(0, before).every(accepted)) {
      return `the first answers are ${statuses}`;
    }
    const status = statuses[before];
    if (status === undefined) return closed || test.allow_timeout ? undefined : "it waits for more";
    return rejected(status) ? undefined : `a malformed request was answered ${status}`;
  } else if (statuses.length === 0) {
    return closed || test.allow_timeout ? undefined : "it waits for more";
  } else if (!statuses.every((status) => accepted(status) || rejected(status))) return `answered ${statuses}`;
  if (test.echo_b64 === undefined || statuses[0] !== 200 || test.methods?.[0] === "HEAD") return undefined;
  return finals[0]!.body === atob(test.echo_b64)
    ? undefined
    : `the body was read as ${JSON.stringify(finals[0]!.body)}`;
}

const modes: Readonly<Record<string, (bytes: Uint8Array, seed: number) => Uint8Array[]>> = {
  "whole": (bytes) => [bytes],
  "byte by byte": bytewise,
  "in random pieces": cutAtRandom,
};

for (const [mode, cut] of Object.entries(modes)) {
  Deno.test(`the server answers the corpus of requests, ${mode}, as RFC 9110 and RFC 9112 say`, async () => {
    const wrong: string[] = [];
    for (const [index, test] of corpus.entries()) {
      const verdict = await judge(test, cut(latin1(decode(test.raw_b64)), index + 1));
      if (verdict) wrong.push(`${test.id} ${test.name}: ${verdict}`);
    }
    assertEquals(wrong, []);
  });
}
