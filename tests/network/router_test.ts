import { assertEquals, assertThrows } from "@std/assert";
import { HttpError, type HttpRequest, json, type Middleware, Router, text } from "../../lib/network/mod.ts";
import { readResponses, serveScripted } from "./support.ts";

async function ask(router: Router, requestLine: string) {
  await using scripted = serveScripted(router.handler);
  await scripted.connection.send(`${requestLine} HTTP/1.1\r\nHost: a\r\n\r\n`);
  return readResponses(scripted.connection.output, [requestLine.split(" ")[0]!])[0]!;
}

async function bodyOf(router: Router, requestLine: string): Promise<string> {
  return (await ask(router, requestLine)).body;
}

Deno.test("Router gives parameters their names, at compile time too", async () => {
  const router = new Router().get("/users/:id/posts/:postId", (_request, params) => {
    params satisfies { readonly id: string; readonly postId: string };
    // @ts-expect-error There is no such parameter.
    void params.other;
    return json(params);
  });
  assertEquals(await bodyOf(router, "GET /users/7/posts/a%2Fb"), '{"id":"7","postId":"a/b"}');
});

Deno.test("Router gives a tail whatever is left, decoded once", async () => {
  const router = new Router().get("/files/*path", (_request, { path }) => text(path));
  assertEquals(await bodyOf(router, "GET /files/a/b%20c/%2541"), "a/b c/%41");
  assertEquals(await bodyOf(router, "GET /files/"), "");
  assertEquals((await ask(router, "GET /files")).status, 404);
});

Deno.test("Router prefers literal text, then parameters, then tails, segment by segment", async () => {
  const router = new Router()
    .get("/a/*rest", () => text("tail"))
    .get("/a/:x", () => text("param"))
    .get("/a/b", () => text("literal"))
    .get("/:x/b/c", () => text("param first"))
    .get("/a/b/d", () => text("deep"));
  assertEquals(await bodyOf(router, "GET /a/b"), "literal");
  assertEquals(await bodyOf(router, "GET /a/%62"), "literal");
  assertEquals(await bodyOf(router, "GET /a/x"), "param");
  assertEquals(await bodyOf(router, "GET /a/b/c"), "tail");
  assertEquals(await bodyOf(router, "GET /a/"), "tail");
  assertEquals(await bodyOf(router, "GET /z/b/c"), "param first");
});

Deno.test("Router goes on to a less specific pattern that has the method", async () => {
  const router = new Router().get("/a/b", () => text("literal")).post("/a/:x", () => text("param"));
  assertEquals(await bodyOf(router, "POST /a/b"), "param");
  const refused = await ask(router, "PUT /a/b");
  assertEquals([refused.status, refused.headers["allow"]], [405, "GET, HEAD, OPTIONS, POST"]);
});

Deno.test("Router answers 404 for an unknown path, and 405 with Allow for an unknown method", async () => {
  const router = new Router().get("/a", () => text("a")).put("/a", () => text("a"));
  assertEquals((await ask(router, "GET /b")).status, 404);
  assertEquals((await ask(router, "GET /a/")).status, 404);
  const refused = await ask(router, "DELETE /a");
  assertEquals([refused.status, refused.headers["allow"]], [405, "GET, HEAD, OPTIONS, PUT"]);
});

Deno.test("Router answers HEAD as GET, and OPTIONS with Allow, unless there are routes", async () => {
  const router = new Router().get("/a", () => text("abc")).on("OPTIONS", "/b", () => text("own"));
  const head = await ask(router, "HEAD /a");
  assertEquals([head.status, head.headers["content-length"], head.body], [200, "3", ""]);
  const options = await ask(router, "OPTIONS /a");
  assertEquals([options.status, options.headers["allow"]], [204, "GET, HEAD, OPTIONS"]);
  assertEquals(await bodyOf(router, "OPTIONS /b"), "own");
  assertEquals((await ask(router, "OPTIONS *")).headers["allow"], "GET, HEAD, OPTIONS");
});

Deno.test("Router refuses a path that is not percent-encoded UTF-8", async () => {
  const router = new Router().get("/:x", (_request, { x }) => text(x));
  for (const path of ["/%", "/%zz", "/%ff", "/%c3%28"]) {
    assertEquals((await ask(router, `GET ${path}`)).status, 400, path);
  }
});

Deno.test("Router runs middleware from the outside in, around errors and unknown paths too", async () => {
  const seen: string[] = [];
  const note = (name: string) => async (request: HttpRequest, next: (request: HttpRequest) => unknown) => {
    seen.push(`${name} before`);
    try {
      return await next(request) as never;
    } finally {
      seen.push(`${name} after`);
    }
  };
  const router = new Router().use(note("outer"), note("inner")).get("/a", () => {
    throw new HttpError(418, "No coffee");
  }, { use: [note("route")] });
  assertEquals((await ask(router, "GET /a")).status, 418);
  const order = ["outer before", "inner before", "route before", "route after", "inner after", "outer after"];
  assertEquals(seen.splice(0), order);
  assertEquals((await ask(router, "GET /b")).status, 404);
  assertEquals(seen, ["outer before", "inner before", "inner after", "outer after"]);
});

Deno.test("Router serves mounted routers under their prefix, inside their middleware", async () => {
  const inner = new Router().use(async (request, next) => ({ ...await next(request), status: 203 }))
    .get("/", () => text("root"))
    .get("/x/:y", (_request, { y }) => text(y));
  const router = new Router().mount("/api", new Router().mount("/v1", inner)).get("/x", () => text("outside"));
  const answer = await ask(router, "GET /api/v1/x/7");
  assertEquals([answer.status, answer.body], [203, "7"]);
  assertEquals(await bodyOf(router, "GET /api/v1"), "root");
  assertEquals((await ask(router, "GET /x")).status, 200);
});

Deno.test("Router holds each route to its own body limit", async () => {
  const router = new Router()
    .post("/small", async (request) => text(await request.body.text({ max: 100 })), { bodyBytesMax: 3 })
    .post("/large", async (request) => text(await request.body.text({ max: 100 })));
  await using scripted = serveScripted(router.handler);
  const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd`;
  await scripted.connection.send(post("/large") + post("/small"));
  assertEquals(readResponses(scripted.connection.output).map(({ status }) => status), [200, 413]);
});

Deno.test("Router refuses patterns that are none, and the same route twice", () => {
  const router = new Router();
  const handler = () => text("");
  assertThrows(() => router.get("a", handler), TypeError, "begins with a slash");
  assertThrows(() => router.get("/:", handler), TypeError, "no name");
  assertThrows(() => router.get("/*a/b", handler), TypeError, "before the end");
  assertThrows(() => router.get("/:a/:a", handler), TypeError, "same name");
  router.get("/:a", handler).get("/:a", handler);
  assertThrows(() => router.handler, TypeError, "Two routes for GET /:a");
});

Deno.test("Router tells middleware for routes the pattern, mounted ones with their prefix", async () => {
  const seen: string[] = [];
  const note = (pattern: string): Middleware => (request, next) => {
    seen.push(`${request.method} ${pattern}`);
    return next(request);
  };
  const inner = new Router().get("/:id", () => text("inner"));
  const router = new Router().useForRoutes(note).get("/a", () => text("a")).mount("/api", inner);
  for (const line of ["GET /a", "HEAD /a", "GET /api/7", "GET /none", "POST /a"]) await ask(router, line);
  assertEquals(seen, ["GET /a", "HEAD /a", "GET /api/:id"]);
});
