import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createServer, Router } from "../../lib/network/mod.ts";
import { failureProblems } from "../../lib/server/failure_problems.ts";
import {
  isConflictRulesJson,
  isGarbageJson,
  isRetentionJson,
  isVerificationJson,
} from "../../lib/server/maintenance_json.ts";
import { addMaintenanceRoutes } from "../../lib/server/maintenance_routes.ts";
import { MaintenanceService } from "../../lib/sync/service/mod.ts";
import { EventBus } from "../../lib/events/mod.ts";
import { noise } from "../storage/fixtures.ts";
import { cutContent } from "../support/cut_content.ts";
import { ServiceFixture } from "../support/service_fixture.ts";

/** A server that has these routes and nothing else, over a space with two versions of one file. */
async function serve() {
  const fixture = await ServiceFixture.make();
  for (const seed of [1, 2]) {
    const content = cutContent(noise(3000, seed));
    await fixture.store(content);
    await fixture.apply({ a: content });
  }
  const { metadata, chunks, time } = fixture;
  const router = new Router();
  router.use(failureProblems);
  addMaintenanceRoutes(router, new MaintenanceService({ metadata, chunks, clock: time, events: new EventBus() }));
  const server = createServer("async", { handler: router.handler });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const ask = async (method: string, path: string, body?: unknown) => {
    const content = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...content });
    const data: unknown = await response.json();
    return { status: response.status, data };
  };
  return { ask, chunks, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const retention = "/api/spaces/default/retention";
const conflicts = "/api/spaces/default/conflicts";

Deno.test("PUT retention sets a rule that GET tells, POST gc goes by it", async () => {
  await using server = await serve();
  const everything = { keep_versions: null, keep_for_ms: null, oldest_whole_revision: 0 };
  assertEquals(await server.ask("GET", retention), { status: 200, data: everything });
  const rule = { keep_versions: 1, keep_for_ms: null };
  const set = await server.ask("PUT", retention, rule);
  assertEquals(set, { status: 200, data: { ...rule, oldest_whole_revision: 0 } });
  assert(isRetentionJson(set.data));
  const counts = { versions_removed: 1, chunks_condemned: 1, chunks_spared: 0, chunks_removed: 1, bytes_freed: 3000 };
  for (const dry_run of [true, false]) {
    const { status, data } = await server.ask("POST", "/api/gc", { dry_run, grace_ms: 0 });
    assert(isGarbageJson(data));
    assertEquals([status, { ...data, duration_ms: 0 }], [200, { dry_run, ...counts, duration_ms: 0 }]);
  }
  assertEquals((await server.chunks.stats()).chunks, 1);
  assertEquals((await server.ask("GET", retention)).data, { ...rule, oldest_whole_revision: 2 });
});

Deno.test("PUT conflicts sets policies that GET tells, and the head of the space", async () => {
  await using server = await serve();
  assertEquals(await server.ask("GET", conflicts), { status: 200, data: { rules: [], default: null } });
  const policies = { rules: [{ pattern: "*.md", policy: "merge" }], default: "manual" };
  assertEquals(await server.ask("PUT", conflicts, policies), { status: 200, data: policies });
  const { data } = await server.ask("GET", conflicts);
  assert(isConflictRulesJson(data));
  assertEquals(data, policies as never);
  const none = { rules: [], default: null };
  assertEquals(await server.ask("PUT", conflicts, none), { status: 200, data: none });
});

Deno.test("POST gc and POST verify need no body", async () => {
  await using server = await serve();
  assertEquals((await server.ask("POST", "/api/gc")).status, 200);
  const { status, data } = await server.ask("POST", "/api/verify");
  assert(isVerificationJson(data));
  assertEquals([status, data.chunks, data.damage], [200, 2, []]);
  assertEquals(await server.ask("GET", "/api/spaces/default/damage"), { status: 200, data: { damage: [] } });
});

Deno.test("POST verify tells what is missing, and GET damage of what lives", async () => {
  await using server = await serve();
  await server.chunks.collect(() => ReadableStream.from([[]]), { graceMs: 0 });
  const { data } = await server.ask("POST", "/api/verify", { repair: true });
  assert(isVerificationJson(data));
  const concerned = data.damage.flatMap(({ versions }) =>
    versions.map(({ path, version, live }) => [path, version, live])
  );
  assertEquals(concerned.sort(), [["a", 1, false], ["a", 2, true]]);
  const chunk = cutContent(noise(3000, 2)).entry.content;
  assertEquals((await server.ask("GET", "/api/spaces/default/damage")).data, { damage: [{ chunk, paths: ["a"] }] });
});

Deno.test("the routes of maintenance refuse what they do not understand, and say why", async () => {
  await using server = await serve();
  const refusals: [method: string, path: string, body: unknown, status: number, text: string][] = [
    ["POST", "/api/gc", { dryrun: true }, 400, "There is no member"],
    ["POST", "/api/gc", { dry_run: "yes" }, 400, "must be true or false"],
    ["POST", "/api/gc", { grace_ms: -1 }, 400, "must be a whole number"],
    ["POST", "/api/gc", "[]", 400, "takes a JSON object"],
    ["POST", "/api/gc", "{", 400, "takes a JSON object"],
    ["POST", "/api/verify", { repair: 1 }, 400, "must be true or false"],
    ["PUT", retention, {}, 400, "keep_versions is missing"],
    ["PUT", retention, { keep_versions: 1 }, 400, "keep_for_ms is missing"],
    ["PUT", retention, { keep_versions: 0, keep_for_ms: null }, 400, "at least 1 version"],
    ["PUT", "/api/spaces/none/retention", { keep_versions: 1, keep_for_ms: null }, 404, "There is no space"],
    ["GET", "/api/spaces/none/retention", undefined, 404, "There is no space"],
    ["PUT", conflicts, {}, 400, "rules is missing"],
    ["PUT", conflicts, { rules: [] }, 400, "default is missing"],
    ["PUT", conflicts, { rules: [], default: "ours" }, 400, "There is no policy"],
    ["PUT", conflicts, { rules: [], default: null, more: 1 }, 400, "There is no member"],
    ["PUT", conflicts, { rules: [{ pattern: "a/", policy: "merge" }], default: null }, 400, "is no pattern"],
    ["PUT", conflicts, { rules: [{ pattern: "a", policy: null }], default: null }, 400, "There is no policy"],
    ["PUT", "/api/spaces/none/conflicts", { rules: [], default: null }, 404, "There is no space"],
    ["GET", "/api/spaces/none/conflicts", undefined, 404, "There is no space"],
    ["GET", "/api/spaces/none/damage", undefined, 404, "There is no space"],
    ["GET", "/api/spaces/..%2f/damage", undefined, 400, "Not a name for a space"],
  ];
  for (const [method, path, body, status, text] of refusals) {
    const answer = await server.ask(method, path, body);
    assertEquals(answer.status, status, `${method} ${path} ${JSON.stringify(body)}`);
    assertStringIncludes(JSON.stringify(answer.data), text);
  }
  assertEquals((await server.chunks.stats()).chunks, 2);
});
