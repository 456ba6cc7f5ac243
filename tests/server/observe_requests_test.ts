import { assertEquals } from "@std/assert";
import { EventBus } from "../../lib/events/mod.ts";
import { HttpError, Router, text } from "../../lib/network/mod.ts";
import { observeRequests, unknownRoute } from "../../lib/server/observe_requests.ts";
import { FakeTime } from "../events/fakes.ts";
import { readResponses, serveScripted } from "../network/support.ts";

interface Observed {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
}

/** Asks a router that is observed; gives what was emitted. */
async function observe(fill: (router: Router, time: FakeTime) => void, ...requests: string[]): Promise<Observed[]> {
  const time = new FakeTime();
  const events = new EventBus();
  const seen: Observed[] = [];
  events.on("http.request_completed", ({ detail }) => void seen.push(detail));
  const router = new Router();
  observeRequests(router, { events, clock: time });
  fill(router, time);
  await using scripted = serveScripted(router.handler);
  for (const request of requests) await scripted.connection.send(`${request} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await scripted.connection.end();
  return seen;
}

Deno.test("observeRequests() tells the route by its pattern, never by the path", async () => {
  const fill = (router: Router, time: FakeTime) =>
    router.get("/users/:id", (_request, { id }) => {
      time.pass(7);
      return text(`héllo ${id}`);
    });
  assertEquals(await observe(fill, "GET /users/secret", "HEAD /users/secret"), [
    { method: "GET", route: "/users/:id", status: 200, durationMs: 7, bytes: 13 },
    { method: "HEAD", route: "/users/:id", status: 200, durationMs: 7, bytes: 13 },
  ]);
});

Deno.test("observeRequests() tells of refusals and of handlers that throw", async () => {
  const fill = (router: Router) =>
    router
      .get("/refused", () => Promise.reject(new HttpError(409)))
      .get("/broken", () => {
        throw new Error("broken");
      });
  const seen = await observe(fill, "GET /refused", "GET /broken", "GET /nowhere", "BREW /refused");
  assertEquals(seen.map(({ method, route, status }) => [method, route, status]), [
    ["GET", "/refused", 409],
    ["GET", "/broken", 500],
    ["GET", unknownRoute, 404],
    ["other", unknownRoute, 405],
  ]);
});

Deno.test("observeRequests() tells of a body that comes in pieces when its last piece is out", async () => {
  const fill = (router: Router, time: FakeTime) =>
    router.get("/pieces", () => {
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(10);
        await Promise.resolve();
        time.pass(5);
        yield new Uint8Array(20);
      }
      return { status: 200, body: pieces() };
    });
  const [whole, head] = await observe(fill, "GET /pieces", "HEAD /pieces");
  assertEquals([whole?.bytes, whole?.durationMs], [30, 5]);
  assertEquals([head?.bytes, head?.durationMs], [0, 0]);
});

Deno.test("observeRequests() leaves requests alone while nobody listens", async () => {
  const events = new EventBus();
  const router = new Router();
  const clock = { now: () => 0, monotonic: () => fail() };
  observeRequests(router, { events, clock });
  router.get("/", () => text("untouched"));
  await using scripted = serveScripted(router.handler);
  await scripted.connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assertEquals(readResponses(scripted.connection.output)[0]?.body, "untouched");
});

function fail(): never {
  throw new Error("The clock was read");
}
