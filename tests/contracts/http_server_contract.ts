import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { HttpClient, HttpClientError, type HttpServer, type ListenOptions } from "../../lib/network/mod.ts";

/** What an implementation gives to be tested. */
export interface HttpServerContractOptions {
  /** Name of the implementation. */
  readonly name: string;
  /** Makes a server that serves `contractRouter`. */
  readonly create: () => HttpServer;
}

const encoder = new TextEncoder();
const anyPort: ListenOptions = { hostname: "127.0.0.1", port: 0 };
const certificate = (name: string) => fromFileUrl(new URL(`../network/fixtures/${name}`, import.meta.url));

/** What every server must do, whatever it does inside. */
export function httpServerContract(options: HttpServerContractOptions): void {
  const { name, create } = options;
  const test = (does: string, body: (server: HttpServer) => Promise<void>) =>
    Deno.test(`${name} ${does}`, async () => {
      await using server = create();
      await body(server);
    });

  test("answers several requests on one connection", async (server) => {
    const { port } = await server.listen(anyPort);
    using client = new HttpClient({ origin: `http://127.0.0.1:${port}`, maxConnections: 1 });
    for (const id of ["1", "2", "3"]) assertEquals(await get(client, `/users/${id}`), id);
    client.close();
    await server.shutdown();
    const { requests, connections, connectionsOpen } = server.stats;
    assertEquals({ requests, connections, connectionsOpen }, { requests: 3, connections: 1, connectionsOpen: 0 });
  });

  test("answers many clients", async (server) => {
    const { port } = await server.listen(anyPort);
    const clients = Array.from({ length: 8 }, () => new HttpClient({ origin: `http://127.0.0.1:${port}` }));
    const answers = await Promise.all(clients.flatMap((client) => [get(client, "/slow"), get(client, "/hello")]));
    for (const client of clients) client.close();
    assertEquals(answers, clients.flatMap(() => ["slow", "Hello, World!"]));
  });

  test("takes and gives large bodies unchanged", async (server) => {
    const { port } = await server.listen(anyPort);
    using client = new HttpClient({ origin: `http://127.0.0.1:${port}` });
    const body = new Uint8Array(3_000_001);
    for (let i = 0; i < body.length; i++) body[i] = i * 31 >> 3;
    const pieces = [body.subarray(0, 100_000), body.subarray(100_000)];
    const echoed = await client.request({ method: "POST", path: "/echo", body: pieces });
    assertEquals(await echoed.bytes({ max: body.length }), body);
    const sunk = await client.request({ method: "PUT", path: "/sink", body });
    assertEquals(await sunk.text({ max: 100 }), String(body.length));
    const streamed = await client.request({ method: "GET", path: "/bytes/1000001" });
    assertEquals((await streamed.bytes({ max: 2_000_000 })).length, 1_000_001);
  });

  test("refuses what is no request, and closes", async (server) => {
    const { port } = await server.listen(anyPort);
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(encoder.encode("GET / HTTP/1.1\r\nHost : a\r\n\r\n"));
    const answer = await new Response(connection.readable).text();
    assert(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
    await server.shutdown();
    assertEquals(server.stats.rejects, 1);
  });

  test("finishes what is in flight when it is shut down, and takes nothing more", async (server) => {
    const { port } = await server.listen(anyPort);
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const head = "PUT /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    await connection.write(encoder.encode(head));
    const interim = new Uint8Array(100);
    const count = await connection.read(interim);
    // The handler reads the body: from here on the request is in flight.
    assertEquals(new TextDecoder().decode(interim.subarray(0, count ?? 0)), "HTTP/1.1 100 Continue\r\n\r\n");
    const ended = server.shutdown();
    await connection.write(encoder.encode("12345"));
    const answer = await new Response(connection.readable).text();
    assert(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.endsWith("\r\n\r\n5"), answer);
    await ended;
    await server.finished;
    using client = new HttpClient({ origin: `http://127.0.0.1:${port}` });
    const error = await assertRejects(() => get(client, "/hello"), HttpClientError);
    assertEquals(error.maybeSent, false);
  });

  test("drops what takes longer than the grace", async (server) => {
    const { port } = await server.listen(anyPort);
    using client = new HttpClient({ origin: `http://127.0.0.1:${port}`, maxConnections: 1 });
    assertEquals(await get(client, "/hello"), "Hello, World!");
    const never = assertRejects(() => get(client, "/never"), HttpClientError);
    await server.shutdown({ graceMs: 1 });
    await never;
  });

  test("says so when the port is taken", async (server) => {
    using other = Deno.listen(anyPort);
    await assertRejects(() => server.listen({ ...anyPort, port: other.addr.port }));
  });

  test("speaks TLS, and keeps those out who do not", async (server) => {
    const tls = { certFile: certificate("localhost_cert.pem"), keyFile: certificate("localhost_key.pem") };
    const { port } = await server.listen({ ...anyPort, tls });
    const caCerts = [await Deno.readTextFile(tls.certFile)];
    using client = new HttpClient({ origin: `https://localhost:${port}`, caCerts });
    assertEquals(await get(client, "/hello"), "Hello, World!");
    const echoed = await client.request({ method: "POST", path: "/echo", body: new Uint8Array(500_000) });
    assertEquals((await echoed.bytes({ max: 500_000 })).length, 500_000);
    using stranger = new HttpClient({ origin: `https://localhost:${port}` });
    assertEquals((await assertRejects(() => get(stranger, "/hello"), HttpClientError)).kind, "untrusted");
    using plain = new HttpClient({ origin: `http://localhost:${port}` });
    await assertRejects(() => get(plain, "/hello"), HttpClientError);
  });
}

async function get(client: HttpClient, path: string): Promise<string> {
  const response = await client.request({ method: "GET", path });
  return await response.text({ max: 1_000_000 });
}
