import { assertEquals } from "@std/assert";
import { EventBus, type EventMap } from "../../lib/events/mod.ts";
import { encodeRecords } from "../../lib/metadata/binary/mod.ts";
import { createServer, Router } from "../../lib/network/mod.ts";
import { announceSuspects, suspectsPerWindow, suspectWindowMs } from "../../lib/server/announce_suspects.ts";
import { browserGuard } from "../../lib/server/browser_guard.ts";
import { addChunkRoutes } from "../../lib/server/chunk_routes.ts";
import { addSpaceRoutes } from "../../lib/server/space_routes.ts";
import { FakeTime } from "../events/fakes.ts";
import { frameOf } from "../storage/fixtures.ts";
import { ServiceFixture } from "../support/service_fixture.ts";

/** A server with these routes and a clock that stands still, and what it tells of suspect requests. */
async function serve() {
  const { service } = await ServiceFixture.make();
  const events = new EventBus();
  const clock = new FakeTime();
  const told: EventMap["security.request_refused"][] = [];
  events.on("security.*", (event) => {
    if (event.type === "security.request_refused") told.push(event.detail);
  });
  const router = new Router();
  router.use(announceSuspects({ events, clock }), browserGuard([]));
  addChunkRoutes(router, service);
  addSpaceRoutes(router, service);
  const server = createServer("async", { handler: router.handler });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const ask = async (path: string, init: RequestInit = {}): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/spaces/default${path}`, init);
    await answer.body?.cancel();
    return answer.status;
  };
  return { ask, told, clock, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const post = (body: Uint8Array<ArrayBuffer>): RequestInit => ({ method: "POST", body });

Deno.test("announceSuspects() tells of what no client sends, and from where", async () => {
  await using server = await serve();
  const altered = frameOf([new Uint8Array(50)]);
  altered[altered.length - 1]! ^= 1;
  const cases: readonly (readonly [reason: string, status: number, path: string, init?: RequestInit])[] = [
    ["foreign_page", 403, "", { headers: { Origin: "https://evil.test" } }],
    ["unsafe_path", 400, "/list?path=..%2Fetc%2Fpasswd"],
    ["bad_chunks", 422, "/chunks", post(altered)],
    ["bad_commit", 400, "/commits", post(new Uint8Array(64))],
  ];
  for (const [reason, status, path, init] of cases) {
    assertEquals(await server.ask(path, init), status);
    assertEquals(server.told.splice(0).map(({ reason, address }) => [reason, address]), [[reason, "127.0.0.1"]]);
  }
});

Deno.test("announceSuspects() says nothing of what is merely wrong or was cut off", async () => {
  await using server = await serve();
  const frame = frameOf([new Uint8Array(50)]);
  assertEquals(await server.ask("/chunks", post(frame.slice(0, -1))), 422);
  const [commit] = encodeRecords([{ type: "commit", id: "c", client: "laptop", baseRevision: 0 }]);
  assertEquals(await server.ask("/commits", post(new Uint8Array(commit!).slice(0, 8))), 400);
  assertEquals(await server.ask("/changes?since=x"), 400);
  assertEquals(await server.ask("/nothing"), 404);
  assertEquals(server.told, []);
});

Deno.test("announceSuspects() tells of so many a minute and kind, and then how many it left out", async () => {
  await using server = await serve();
  const unsafe = () => server.ask("/list?path=%2E%2E");
  for (let i = 0; i < suspectsPerWindow + 3; i++) assertEquals(await unsafe(), 400);
  assertEquals(server.told.splice(0).map(({ untold }) => untold), Array(suspectsPerWindow).fill(undefined));
  await server.ask("", { headers: { Origin: "https://evil.test" } });
  assertEquals(server.told.splice(0).map(({ reason }) => reason), ["foreign_page"]);
  server.clock.pass(suspectWindowMs);
  await unsafe();
  await unsafe();
  assertEquals(server.told.map(({ untold }) => untold), [3, undefined]);
});
