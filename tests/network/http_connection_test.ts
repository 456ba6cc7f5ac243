import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { HttpError, type HttpHandler, type HttpRequest, text } from "../../lib/network/mod.ts";
import { bytewise, latin1, readResponses, serveScripted } from "./support.ts";

const echo: HttpHandler = async (request) => ({ status: 200, body: await request.body.bytes({ max: 1_000_000 }) });
const hello: HttpHandler = (request) => text(`${request.method} ${request.path}`);
const get = (path: string, ...fields: string[]) => [`GET ${path} HTTP/1.1`, "Host: a", ...fields, "", ""].join("\r\n");
const post = (body: string, ...fields: string[]) =>
  ["POST / HTTP/1.1", "Host: a", `Content-Length: ${body.length}`, ...fields, "", body].join("\r\n");

Deno.test("HttpConnection answers one request after the other and keeps the connection", async () => {
  await using scripted = serveScripted(hello);
  const { connection } = scripted;
  await connection.send(get("/1"));
  await connection.send(get("/2"));
  assertEquals(readResponses(connection.output).map(({ body }) => body), ["GET /1", "GET /2"]);
  assertEquals(connection.ended, false);
});

Deno.test("HttpConnection writes status, date, type and length", async () => {
  await using scripted = serveScripted(hello);
  await scripted.connection.send(get("/"));
  assertEquals(
    scripted.connection.output,
    "HTTP/1.1 200 OK\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n" +
      "Content-Length: 5\r\n\r\nGET /",
  );
});

Deno.test("HttpConnection answers pipelined requests in order, in few writes", async () => {
  await using scripted = serveScripted(hello);
  const { connection } = scripted;
  await connection.send(Array.from({ length: 20 }, (_, i) => get(`/${i}`)).join(""));
  const bodies = readResponses(connection.output).map(({ body }) => body);
  assertEquals(bodies, Array.from({ length: 20 }, (_, i) => `GET /${i}`));
  assertEquals(connection.writes, 1);
});

Deno.test("HttpConnection answers pipelined requests in order when handlers take different times", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using scripted = serveScripted(async (request) => {
    const index = Number(request.path.slice(1));
    await gates[index]?.promise;
    return text(request.path);
  });
  const sent = scripted.connection.send(get("/0") + get("/1") + get("/2"));
  gates[1]!.resolve();
  gates[0]!.resolve();
  await sent;
  assertEquals(readResponses(scripted.connection.output).map(({ body }) => body), ["/0", "/1", "/2"]);
});

Deno.test("HttpConnection reads bodies of a length and chunked ones, whole and byte by byte", async () => {
  const chunked =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n";
  for (const pieces of [[latin1(chunked + post("xyz"))], bytewise(latin1(chunked + post("xyz")))]) {
    await using scripted = serveScripted(echo);
    await scripted.connection.send(...pieces);
    assertEquals(readResponses(scripted.connection.output).map(({ body }) => body), ["abcde", "xyz"]);
  }
});

Deno.test("HttpConnection gives the trailers once the body was read", async () => {
  await using scripted = serveScripted(async (request) => {
    await request.body.bytes({ max: 10 });
    return text(request.body.trailers.get("x-sum") ?? "none");
  });
  await scripted.connection.send(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n",
  );
  assertEquals(readResponses(scripted.connection.output)[0]!.body, "7");
});

Deno.test("HttpConnection sends 100 Continue when the body is first asked for, and only then", async () => {
  const request = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  await using scripted = serveScripted(echo);
  await scripted.connection.send(request);
  assertEquals(scripted.connection.output, "HTTP/1.1 100 Continue\r\n\r\n");
  await scripted.connection.send("abc");
  assertEquals(readResponses(scripted.connection.output).map(({ status, body }) => [status, body]), [[100, ""], [
    200,
    "abc",
  ]]);

  await using early = serveScripted(echo);
  await early.connection.send(request + "abc");
  assertEquals(readResponses(early.connection.output).map(({ status }) => status), [200]);

  await using refusing = serveScripted(() => text("no", { status: 403 }));
  await refusing.connection.send(request);
  const [refusal] = readResponses(refusing.connection.output);
  assertEquals([refusal!.status, refusal!.headers["connection"]], [403, "close"]);
});

Deno.test("HttpConnection drops an unread body, and closes if it is too long", async () => {
  await using scripted = serveScripted(hello, { limits: { unreadBodyBytesMax: 10 } });
  await scripted.connection.send(post("0123456789") + get("/next"));
  assertEquals(readResponses(scripted.connection.output).map(({ body }) => body), ["POST /", "GET /next"]);
  await scripted.connection.send(post("01234567890") + get("/never"));
  const last = readResponses(scripted.connection.output).slice(2);
  assertEquals(last.map(({ body, headers }) => [body, headers["connection"]]), [["POST /", "close"]]);
  assertEquals(scripted.connection.ended, true);
});

Deno.test("HttpConnection never takes bytes after a refused request for another one", async () => {
  const refused: readonly string[] = [
    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n",
    `GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ];
  for (const request of refused) {
    for (const pieces of [[latin1(request + get("/smuggled"))], bytewise(latin1(request + get("/smuggled")))]) {
      const seen: string[] = [];
      await using scripted = serveScripted((incoming) => {
        seen.push(incoming.path);
        return echo(incoming);
      });
      await scripted.connection.send(...pieces);
      assert(!seen.includes("/smuggled"), request.slice(0, 60));
      assertEquals(readResponses(scripted.connection.output).length, 1);
      assertEquals(scripted.connection.ended, true);
    }
  }
});

Deno.test("HttpConnection refuses what is over a limit with its own status", async () => {
  const limits = { requestLineBytesMax: 50, headBytesMax: 100, headerCountMax: 3, bodyBytesMax: 5 };
  const cases: readonly (readonly [request: string, status: number])[] = [
    [get("/" + "a".repeat(50)), 414],
    [get("/", `A: ${"b".repeat(100)}`), 431],
    [get("/", "A: 1", "B: 2", "C: 3"), 431],
    [post("123456"), 413],
    ["POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n0\r\n\r\n", 413],
  ];
  for (const [request, status] of cases) {
    await using scripted = serveScripted(echo, { limits });
    await scripted.connection.send(request);
    assertEquals(readResponses(scripted.connection.output).map((response) => response.status), [status]);
    assertEquals(scripted.connection.ended, true);
  }
});

Deno.test("HttpConnection answers HEAD with the head alone", async () => {
  await using scripted = serveScripted(hello);
  await scripted.connection.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b"));
  const [head, next] = readResponses(scripted.connection.output, ["HEAD"]);
  assertEquals([head!.headers["content-length"], head!.body, next!.body], ["7", "", "GET /b"]);
});

Deno.test("HttpConnection closes after Connection: close, and keeps HTTP/1.0 only if asked", async () => {
  const cases: readonly (readonly [request: string, connection: string | undefined, ended: boolean])[] = [
    [get("/", "Connection: close"), "close", true],
    ["GET / HTTP/1.0\r\n\r\n", "close", true],
    ["GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", false],
  ];
  for (const [request, field, ended] of cases) {
    await using scripted = serveScripted(hello);
    await scripted.connection.send(request);
    assertEquals(readResponses(scripted.connection.output)[0]!.headers["connection"], field);
    assertEquals(scripted.connection.ended, ended);
  }
});

Deno.test("HttpConnection closes after the last request it may serve", async () => {
  await using scripted = serveScripted(hello, { limits: { requestsPerConnectionMax: 2 } });
  await scripted.connection.send(get("/1") + get("/2") + get("/3"));
  const responses = readResponses(scripted.connection.output);
  assertEquals(responses.map(({ headers }) => headers["connection"]), [undefined, "close"]);
});

Deno.test("HttpConnection answers a peer that has ended its direction", async () => {
  const gate = Promise.withResolvers<void>();
  await using scripted = serveScripted(async (request) => {
    await gate.promise;
    return text(request.path);
  });
  void scripted.connection.send(get("/a"));
  const ended = scripted.connection.end();
  gate.resolve();
  await ended;
  assertEquals(readResponses(scripted.connection.output)[0]!.body, "/a");
  assertEquals(scripted.connection.closed, true);
});

Deno.test("HttpConnection tells 408 a peer whose head takes too long, however it trickles", async () => {
  await using scripted = serveScripted(hello, { timeouts: { headMs: 1000 } });
  const { connection, ticker, host } = scripted;
  await connection.send("GET / HT");
  ticker.advance(600);
  await connection.send("TP/1.1\r\n");
  ticker.advance(600);
  await connection.when(() => connection.closed);
  assertEquals(readResponses(connection.output).map(({ status }) => status), [408]);
  assertEquals([connection.closed, host.stats.timeouts], [true, 1]);
});

Deno.test("HttpConnection closes an idle connection without a word", async () => {
  await using scripted = serveScripted(hello, { timeouts: { headMs: 1000, idleMs: 5000 } });
  const { connection, ticker, host } = scripted;
  await connection.send(get("/"));
  const before = connection.output;
  ticker.advance(4000);
  assertEquals(connection.closed, false);
  ticker.advance(2000);
  assertEquals([connection.closed, connection.output, host.stats.timeouts], [true, before, 0]);
});

Deno.test("HttpConnection tells 408 a peer whose body stands still", async () => {
  await using scripted = serveScripted(echo, { timeouts: { bodyMs: 1000 } });
  const { connection, ticker } = scripted;
  await connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  ticker.advance(1500);
  await connection.when(() => connection.closed);
  assertEquals(readResponses(connection.output).map(({ status }) => status), [408]);
});

Deno.test("HttpConnection tells 408 a peer whose body trickles", async () => {
  await using scripted = serveScripted(echo, { timeouts: { bodyMs: 1000 } });
  const { connection, ticker } = scripted;
  await connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  for (let i = 0; i < 10 && !connection.closed; i++) {
    ticker.advance(500);
    await connection.send("x");
  }
  assertEquals(readResponses(connection.output).map(({ status }) => status), [408]);
});

Deno.test("HttpConnection drops a peer that takes nothing of the response", async () => {
  await using scripted = serveScripted(hello, { timeouts: { writeMs: 1000 } });
  const { connection, ticker, host } = scripted;
  connection.stuck = true;
  await connection.send(get("/"));
  ticker.advance(1500);
  assertEquals([connection.closed, host.stats.timeouts], [true, 1]);
});

Deno.test("HttpConnection makes problem details of what handlers throw", async () => {
  await using scripted = serveScripted((request) => {
    if (request.path === "/known") throw new HttpError(409, "Taken", { headers: { "Retry-After": "1" } });
    throw new Error("a secret");
  });
  await scripted.connection.send(get("/known") + get("/unknown"));
  const [known, unknown] = readResponses(scripted.connection.output);
  assertEquals([known!.status, known!.headers["content-type"], known!.headers["retry-after"]], [
    409,
    "application/problem+json",
    "1",
  ]);
  assertEquals(JSON.parse(known!.body), { type: "about:blank", title: "Conflict", status: 409, detail: "Taken" });
  assertEquals(unknown!.status, 500);
  assert(!unknown!.body.includes("secret"));
  assertEquals(scripted.errors.map(String), ["Error: a secret"]);
});

Deno.test("HttpConnection sends a 500 for a response that would split the head", async () => {
  for (const headers of [{ "X-A": "b\r\nSet-Cookie: c" }, { "X-A\r\nB": "c" }, { "X-A": "\0" }, { "X-A": "\u0100" }]) {
    await using scripted = serveScripted(() => text("x", { headers: headers as Record<string, string> }));
    await scripted.connection.send(get("/"));
    const [response] = readResponses(scripted.connection.output);
    assertEquals([response!.status, response!.headers["set-cookie"]], [500, undefined]);
    assertEquals(scripted.errors.length, 1);
  }
});

Deno.test("HttpConnection streams chunks with trailers, or up to the end for HTTP/1.0", async () => {
  const handler: HttpHandler = () => ({
    status: 200,
    body: ReadableStream.from([latin1("ab"), latin1(""), latin1("c".repeat(20))]),
    trailers: () => ({ "X-Count": "22" }),
  });
  await using scripted = serveScripted(handler);
  await scripted.connection.send(get("/") + get("/"));
  const responses = readResponses(scripted.connection.output);
  assertEquals(responses.map(({ body, trailers }) => [body.length, trailers]), [[22, "X-Count: 22\r\n"], [
    22,
    "X-Count: 22\r\n",
  ]]);

  await using old = serveScripted(handler);
  await old.connection.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const [response] = readResponses(old.connection.output);
  assertEquals([response!.headers["connection"], response!.headers["transfer-encoding"], response!.body.length], [
    "close",
    undefined,
    22,
  ]);
});

Deno.test("HttpConnection cuts the connection when a stream fails or has another length than announced", async () => {
  async function* failing() {
    yield await Promise.resolve(latin1("abc"));
    throw new Error("broken");
  }
  for (const headers of [{}, { "Content-Length": "5" }] as Record<string, string>[]) {
    await using scripted = serveScripted(() => ({ status: 200, headers, body: failing() }));
    await scripted.connection.send(get("/") + get("/never"));
    assertStringIncludes(scripted.connection.output, "abc");
    assert(!scripted.connection.output.endsWith("0\r\n\r\n"));
    assertEquals([scripted.connection.closed, scripted.errors.length], [true, 1]);
  }
});

Deno.test("HttpConnection reports no mistake when a request that is being echoed breaks off", async () => {
  await using scripted = serveScripted((request) => ({ status: 200, body: request.body }));
  await scripted.connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
  await scripted.connection.end();
  assertStringIncludes(scripted.connection.output, "abc");
  assertEquals([scripted.connection.closed, scripted.errors], [true, []]);
});

Deno.test("HttpConnection lets go of a body that is not sent", async () => {
  let cancelled = 0;
  const handler: HttpHandler = () => ({
    status: 200,
    body: new ReadableStream<Uint8Array>({ cancel: () => void cancelled++ }),
  });
  await using scripted = serveScripted(handler);
  await scripted.connection.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  assertEquals(cancelled, 1);
});

Deno.test("HttpConnection aborts the signal when the peer goes away, and only if somebody listens", async () => {
  const aborted = Promise.withResolvers<void>();
  await using scripted = serveScripted(async (request: HttpRequest) => {
    request.signal.addEventListener("abort", () => aborted.resolve());
    await aborted.promise;
    return text("late");
  });
  void scripted.connection.send(get("/"));
  await scripted.connection.end();
  await aborted.promise;
});

Deno.test("HttpConnection keeps what a peer pipelines while the signal is watched", async () => {
  await using scripted = serveScripted(async (request) => {
    request.signal.throwIfAborted();
    await Promise.resolve();
    return text(request.path);
  });
  const { connection } = scripted;
  void connection.send(...bytewise(latin1(get("/1") + get("/2") + get("/3"))));
  await connection.when(() => connection.output.endsWith("/3"));
  assertEquals(readResponses(scripted.connection.output).map(({ body }) => body), ["/1", "/2", "/3"]);
});

Deno.test("HttpConnection ends at once when drained idle, and after its answer when drained at work", async () => {
  await using idle = serveScripted(hello);
  await idle.connection.send(get("/"));
  idle.host.drain();
  assertEquals(idle.connection.closed, true);

  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await using busy = serveScripted(async () => {
    started.resolve();
    await gate.promise;
    return text("done");
  });
  const sent = busy.connection.send(get("/") + get("/never"));
  await started.promise;
  busy.host.drain();
  gate.resolve();
  await sent;
  const responses = readResponses(busy.connection.output);
  assertEquals(responses.map(({ body, headers }) => [body, headers["connection"]]), [["done", "close"]]);
});

Deno.test("HttpConnection tells the handler when the server gives the request up, and does not wait for ever", async () => {
  const reason = Promise.withResolvers<unknown>();
  const scripted = serveScripted((request) => {
    request.signal.addEventListener("abort", () => reason.resolve(request.signal.reason));
    return new Promise<never>(() => {});
  });
  await scripted.connection.send(get("/"));
  await scripted.host.shutdown(0);
  assert(await reason.promise instanceof Deno.errors.ConnectionAborted);
});
