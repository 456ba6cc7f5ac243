import { assertEquals, assertRejects } from "@std/assert";
import { type ByteConnection, HttpClient, HttpClientError, type HttpClientOptions } from "../../../lib/network/mod.ts";
import { FakeTicker, ScriptedConnection, turn } from "../support.ts";

/** A client whose connections are scripted, and those connections in the order they were made. */
function scripted(scripts: readonly (readonly string[])[], options: Partial<HttpClientOptions> = {}) {
  const connections: ScriptedConnection[] = [];
  const ticker = new FakeTicker();
  const connect = (): Promise<ByteConnection> => {
    const script = scripts[connections.length];
    if (!script) return Promise.reject(new Deno.errors.ConnectionRefused("refused"));
    const connection = new ScriptedConnection();
    connections.push(connection);
    const pieces = script.filter((piece) => piece !== "END");
    if (script.includes("END")) void connection.end();
    void connection.send(...pieces);
    return Promise.resolve(connection);
  };
  const client = new HttpClient({ origin: "http://a.example:8080", connect, ticker, ...options });
  return { client, connections, ticker };
}

const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const get = { method: "GET", path: "/" } as const;

async function failure(client: HttpClient, method = "GET"): Promise<[kind: string, maybeSent: boolean]> {
  const error = await assertRejects(
    async () => await (await client.request({ method, path: "/" })).text({ max: 10_000 }),
    HttpClientError,
  );
  return [error.kind, error.maybeSent];
}

Deno.test("HttpClient writes the request and reads the reply", async () => {
  const { client, connections } = scripted([[hello]]);
  using _client = client;
  const headers = { "X-A": "b" };
  const response = await client.request({
    method: "PUT",
    path: "/p?q",
    headers,
    body: new TextEncoder().encode("body"),
  });
  assertEquals([response.status, response.headers.get("content-length")], [200, "5"]);
  assertEquals(await response.text({ max: 5 }), "hello");
  assertEquals(
    connections[0]!.output,
    "PUT /p?q HTTP/1.1\r\nHost: a.example:8080\r\nX-A: b\r\nContent-Length: 4\r\n\r\nbody",
  );
  assertEquals(connections[0]!.writes, 1);
});

Deno.test("HttpClient keeps a connection once the reply was read, and not before", async () => {
  const { client, connections } = scripted([[hello, hello], [hello]]);
  using _client = client;
  await (await client.request(get)).text({ max: 5 });
  const second = await client.request(get);
  await (await client.request(get)).discard();
  await second.discard();
  assertEquals(connections.length, 2);
});

Deno.test("HttpClient reads chunked replies, replies without content, and replies up to the end", async () => {
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const { client, connections } = scripted([
    [chunked, "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", hello],
    ["HTTP/1.1 200 OK\r\n\r\nup to the end", "END"],
  ], { maxConnections: 1 });
  using _client = client;
  assertEquals(await (await client.request(get)).text({ max: 5 }), "abc");
  assertEquals((await client.request(get)).status, 204);
  assertEquals(await (await client.request(get)).text({ max: 5 }), "hello");
  connections[0]!.close();
  assertEquals(await (await client.request(get)).text({ max: 99 }), "up to the end");
});

Deno.test("HttpClient reads no content after HEAD", async () => {
  const { client } = scripted([["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"]]);
  using _client = client;
  assertEquals(await (await client.request({ method: "HEAD", path: "/" })).text({ max: 5 }), "");
});

Deno.test("HttpClient says whether a request that failed may have arrived", async () => {
  const cases: readonly (readonly [script: readonly string[] | undefined, kind: string, maybeSent: boolean])[] = [
    [undefined, "connect", false],
    [["END"], "cut_before_reply", true],
    [["HTTP/1.1 200 OK\r\nContent-Le", "END"], "cut_in_reply", true],
    [["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "END"], "cut_in_reply", true],
    [["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "END"], "cut_in_reply", true],
    [["SSH-2.0-OpenSSH_9\r\n"], "not_http", true],
    [["HTTP/2.0 200 OK\r\n\r\n"], "not_http", true],
    [["HTTP/1.1 20 OK\r\n\r\n"], "not_http", true],
    [["HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"], "not_http", true],
    [["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"], "not_http", true],
    [["HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nabc"], "too_large", true],
  ];
  for (const [script, kind, maybeSent] of cases) {
    const { client } = scripted(script ? [script] : []);
    using _client = client;
    assertEquals(await failure(client), [kind, maybeSent], JSON.stringify(script));
  }
});

Deno.test("HttpClient replaces a kept connection that has died, once, for idempotent requests alone", async () => {
  const stale = [hello, "END"];
  const { client, connections } = scripted([stale, [hello], [hello]]);
  using _client = client;
  await (await client.request(get)).text({ max: 5 });
  assertEquals(await (await client.request(get)).text({ max: 5 }), "hello");
  assertEquals(connections.length, 2);

  const other = scripted([stale, [hello]]);
  using _other = other.client;
  await (await other.client.request(get)).text({ max: 5 });
  assertEquals(await failure(other.client, "POST"), ["cut_before_reply", true]);
  assertEquals(other.connections.length, 1);
});

Deno.test("HttpClient makes no more connections than it may, and the next request waits for one", async () => {
  const { client, connections } = scripted([[hello, hello]], { maxConnections: 1 });
  using _client = client;
  const first = await client.request(get);
  const second = client.request(get);
  assertEquals(await first.text({ max: 5 }), "hello");
  assertEquals(await (await second).text({ max: 5 }), "hello");
  assertEquals(connections.length, 1);
});

Deno.test("HttpClient gives up when the server is too slow, with the head or with the content", async () => {
  for (const script of [["HTTP/1.1 200 OK\r\n"], ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"]]) {
    const { client, connections, ticker } = scripted([script], { timeouts: { replyMs: 1000, bodyMs: 1000 } });
    using _client = client;
    const failed = failure(client);
    while (!connections[0]?.output) await turn();
    await turn();
    ticker.advance(1500);
    assertEquals(await failed, ["timeout", true]);
  }
});

Deno.test("HttpClient bears an endless reply of few words, but not its silence", async () => {
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const { client, connections, ticker } = scripted([[head]], { timeouts: { bodyMs: 1000 } });
  using _client = client;
  const response = await client.request({ ...get, silenceMs: 3000 });
  const pieces = response.body[Symbol.asyncIterator]();
  for (let beat = 0; beat < 100; beat++) {
    const next = pieces.next();
    await turn();
    ticker.advance(2500);
    void connections[0]!.send("1\r\n.\r\n");
    assertEquals((await next).done, false);
  }
  const silent = assertRejects(() => pieces.next(), HttpClientError);
  await turn();
  ticker.advance(3500);
  assertEquals((await silent).kind, "timeout");
});

Deno.test("HttpClient drops the connections that nobody uses when it is told to", async () => {
  const { client, connections } = scripted([[hello, hello], [hello]]);
  using _client = client;
  const [used, idle] = [await client.request(get), await client.request(get)];
  await idle.discard();
  client.dropIdle();
  assertEquals(connections.map(({ closed }) => closed), [false, true]);
  assertEquals(await used.text({ max: 5 }), "hello");
});

Deno.test("HttpClient gives up when the signal says so", async () => {
  const { client, connections } = scripted([[]]);
  using _client = client;
  const controller = new AbortController();
  const failed = assertRejects(() => client.request({ ...get, signal: controller.signal }), HttpClientError);
  while (!connections[0]?.output) await turn();
  controller.abort();
  assertEquals((await failed).kind, "aborted");
  assertEquals(connections[0].closed, true);
});

Deno.test("HttpClient gives up connecting when the signal says so", async () => {
  const connect = (signal?: AbortSignal): Promise<ByteConnection> =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  using client = new HttpClient({ origin: "http://a.example", connect });
  const controller = new AbortController();
  const failed = assertRejects(() => client.request({ ...get, signal: controller.signal }), HttpClientError);
  controller.abort();
  assertEquals((await failed).kind, "aborted");
});

Deno.test("HttpClient reads a refusal that comes while it still writes", async () => {
  const { client, connections } = scripted([["HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"]]);
  using _client = client;
  const request = client.request({ method: "PUT", path: "/", body: new Uint8Array(100_000) });
  connections[0]!.stuck = true;
  const response = await request;
  assertEquals([response.status, await response.text({ max: 10 })], [413, "no"]);
  assertEquals(connections[0]!.closed, true);
});

Deno.test("HttpClient refuses to send what would split the head", async () => {
  const { client } = scripted([]);
  using _client = client;
  const bad = [
    { method: "GET", path: "/ HTTP/1.1\r\nX: y" },
    { method: "GET\r\n", path: "/" },
    { method: "GET", path: "/", headers: { "A": "b\r\nC: d" } },
    { method: "GET", path: "/", headers: { "Content-Length": "5" } },
  ];
  for (const request of bad) await assertRejects(() => client.request(request), TypeError);
});
