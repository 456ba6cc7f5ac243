import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { createServer, HttpClient, HttpClientError, text } from "../../../lib/network/mod.ts";
import { contractRouter } from "../../contracts/http_contract_handler.ts";
import { httpServerContract } from "../../contracts/http_server_contract.ts";
import { turn } from "../support.ts";

const module = new URL("../../contracts/http_contract_handler.ts", import.meta.url);

httpServerContract({
  name: "the async server",
  create: () => createServer("async", { handler: contractRouter.handler }),
});
httpServerContract({
  name: "the serial server",
  create: () => createServer("serial", { handler: contractRouter.handler }),
});
httpServerContract({ name: "the pool server", create: () => createServer("pool", { module, workers: 2 }) });

Deno.test("createServer() says what a server lacks", () => {
  const handler = () => text("");
  assertThrows(() => createServer("pool", { handler } as never), TypeError, "needs a module");
  assertThrows(() => createServer("async", { module } as never), TypeError, "needs a handler");
});

Deno.test("the pool server says so when its module cannot serve", async () => {
  const broken = new URL("data:text/javascript,throw new Error('no application')");
  await using server = createServer("pool", { module: broken, workers: 1 });
  await assertRejects(() => server.listen({ hostname: "127.0.0.1", port: 0 }), Error, "no application");
});

Deno.test("the pool server replaces a worker that died", async () => {
  const died = Promise.withResolvers<unknown>();
  await using server = createServer("pool", { module, workers: 1, onError: died.resolve });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  using doomed = new HttpClient({ origin: `http://127.0.0.1:${port}` });
  await doomed.request({ method: "GET", path: "/die" }).then((response) => response.discard(), () => {});
  assertStringIncludes(String(await died.promise), "the worker dies");
  using client = new HttpClient({ origin: `http://127.0.0.1:${port}` });
  assertEquals(await getOnceThere(client), "Hello, World!");
});

/** Asks until there is somebody who answers. */
async function getOnceThere(client: HttpClient): Promise<string> {
  while (true) {
    try {
      const response = await client.request({ method: "GET", path: "/hello" });
      return await response.text({ max: 100 });
    } catch (error) {
      if (!(error instanceof HttpClientError)) throw error;
      await turn();
    }
  }
}

Deno.test("the async server refuses connections past the limit with 503 and Retry-After", async () => {
  await using server = createServer("async", { handler: contractRouter.handler, limits: { connectionsMax: 1 } });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  using first = new HttpClient({ origin: `http://127.0.0.1:${port}` });
  await (await first.request({ method: "GET", path: "/hello" })).discard();
  using second = new HttpClient({ origin: `http://127.0.0.1:${port}` });
  const refused = await second.request({ method: "GET", path: "/hello" });
  assertEquals([refused.status, refused.headers.get("retry-after")], [503, "2"]);
  await refused.discard();
  assertEquals(server.stats.connectionsRefused, 1);
});
