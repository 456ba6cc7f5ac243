import { assertEquals } from "@std/assert";
import { createServer, HttpClient, text } from "../../../lib/network/mod.ts";
import { FakeTicker } from "../support.ts";

const encoder = new TextEncoder();
const idleCount = 200;
const slowCount = 50;

Deno.test("the async server answers others while many are idle and many are slow, and drops the slow in the end", async () => {
  const ticker = new FakeTicker();
  const taken = Promise.withResolvers<void>();
  let bodies = 0;
  const handler = async (request: { readonly method: string; readonly body: AsyncIterable<Uint8Array> }) => {
    if (request.method === "PUT" && ++bodies === slowCount) taken.resolve();
    for await (const _ of request.body);
    return text("answered");
  };
  await using server = createServer("async", { handler, ticker });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  using held = new DisposableStack();
  const open = async (first: string) => {
    const connection = held.use(await Deno.connect({ hostname: "127.0.0.1", port }));
    await connection.write(encoder.encode(first));
    return connection;
  };
  const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));
  const idle = await times(idleCount, () => open("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  await Promise.all(idle.map((connection) => connection.read(new Uint8Array(1000))));
  const inHead = await times(slowCount, () => open("GET / HTTP/1.1\r\nHos"));
  const inBody = await times(slowCount, () => open("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nslow"));
  await taken.promise;

  using client = new HttpClient({ origin: `http://127.0.0.1:${port}` });
  const response = await client.request({ method: "GET", path: "/" });
  assertEquals(await response.text({ max: 100 }), "answered");
  client.close();

  ticker.advance(31_000);
  const endings = await Promise.all(
    [...inHead, ...inBody].map((connection) => new Response(connection.readable).text()),
  );
  assertEquals(new Set(endings.map((ending) => ending.slice(0, 12))), new Set(["HTTP/1.1 408"]));
  const { requests, timeouts } = server.stats;
  assertEquals({ requests, timeouts }, { requests: idleCount + slowCount + 1, timeouts: 2 * slowCount });
});
