import type { HttpRequest, HttpResponse } from "../../lib/network/mod.ts";
import { serveHandler, startServer, type TestServer } from "./test_server.ts";

/** What a front server does with an answer of the server behind it; `undefined` leaves it as it is. */
export type AnswerChange = (request: HttpRequest, answer: Uint8Array<ArrayBuffer>) => HttpResponse | undefined;

/** A server that passes everything on to a server of its own, and changes some of the answers. */
export async function startFrontServer(change: AnswerChange): Promise<TestServer> {
  await using stack = new AsyncDisposableStack();
  const behind = stack.use(await startServer());
  const { url } = stack.use(await serveHandler((request) => passOn(request, behind, change)));
  const owned = stack.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function passOn(request: HttpRequest, behind: TestServer, change: AnswerChange): Promise<HttpResponse> {
  const body = await request.body.bytes({ max: 2 ** 26 });
  const headers = ["content-type", "content-encoding"].flatMap((name): [string, string][] => {
    const value = request.headers.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const { method, target } = request;
  const response = await fetch(behind.url + target, { method, headers, body: body.length > 0 ? body : null });
  const answer = await response.bytes();
  const changed = change(request, answer);
  if (changed !== undefined) return changed;
  const type = response.headers.get("content-type");
  return { status: response.status, headers: type === null ? {} : { "Content-Type": type }, body: answer };
}
