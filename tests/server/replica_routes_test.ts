import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Hash, sha256 } from "../../lib/core/mod.ts";
import { MemoryReplicaStore } from "../../lib/metadata/replicas/mod.ts";
import { createServer, Router } from "../../lib/network/mod.ts";
import { addReplicaRoutes } from "../../lib/server/replica_routes.ts";
import { directory } from "../metadata/store/fixtures.ts";
import { ServiceFixture, space } from "../support/service_fixture.ts";

const figures = { direction: "pull", duration_ms: 12.5, files_downloaded: 3, bytes_downloaded: 99 };

/** A server that has these routes and nothing else, over a space of two revisions. */
async function serve() {
  const replicas = new MemoryReplicaStore();
  const fixture = await ServiceFixture.make(undefined, { replicas });
  const roots: Hash[] = [];
  for (const path of ["a", "b"]) roots.push((await fixture.apply({ [path]: directory() })).root);
  fixture.events.length = 0;
  const router = new Router();
  addReplicaRoutes(router, fixture.service);
  const server = createServer("async", { handler: router.handler });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const post = async (body: unknown, to = space) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/spaces/${to}/replicas`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  return { roots, replicas, events: fixture.events, post, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

Deno.test("POST replicas tells of a client that is equal to the head, or was to a revision before it", async () => {
  await using server = await serve();
  for (const revision of [2, 1]) {
    const root = server.roots[revision - 1];
    assertEquals(await server.post({ client: "laptop", revision, root, ...figures }), { status: 204, text: "" });
    assertEquals(server.events.splice(0).map(({ type, detail }) => [type, detail]), [["sync.completed", {
      space,
      client: "laptop",
      revision,
      direction: "pull",
      durationMs: 12.5,
      filesDownloaded: 3,
      bytesDownloaded: 99,
    }]]);
  }
});

Deno.test("POST replicas refuses what the space never was, and tells nobody", async () => {
  await using server = await serve();
  const [first, second] = server.roots;
  const claims = [[2, first], [1, second], [3, second], [0, first], [2, sha256(new Uint8Array(1))]];
  for (const [revision, root] of claims) {
    const { status, text } = await server.post({ client: "laptop", revision, root, ...figures });
    assertEquals(status, 409, `revision ${revision}`);
    assertStringIncludes(text, `had another root at revision ${revision}`);
  }
  assertEquals(server.events, []);
});

Deno.test("POST replicas refuses a space that does not exist", async () => {
  await using server = await serve();
  const report = { client: "laptop", revision: 2, root: server.roots[1], ...figures };
  assertEquals((await server.post(report, "nowhere")).status, 404);
  assertEquals(server.events, []);
});

Deno.test("POST replicas refuses what is no report, and names the member", async () => {
  await using server = await serve();
  const report = { client: "laptop", revision: 2, root: server.roots[1], ...figures };
  const wrong: Record<string, readonly unknown[]> = {
    client: [undefined, 1, "", "two words", "line\n", "x".repeat(301)],
    revision: [undefined, -1, 1.5, "2", 2 ** 53],
    root: [undefined, 5, "", "12ab"],
    direction: [undefined, "up"],
    duration_ms: [undefined, -1, "1"],
    files_uploaded: [-1, "1"],
    bytes_downloaded: [null, 0.5],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const { status, text } = await server.post({ ...report, [name]: value });
      assertEquals(status, 400, `${name} ${JSON.stringify(value)}`);
      assertStringIncludes(text, `The member ${name} must be`);
    }
  }
  for (const body of ["", "[]", "null", "3", "{"]) assertEquals((await server.post(body)).status, 400);
  assertEquals((await server.post({ ...report, more: "x".repeat(5000) })).status, 413);
  assertEquals(server.events, []);
});

Deno.test("POST replicas takes in what went wrong with a client, without secrets and line ends", async () => {
  await using server = await serve();
  const message = "The server did not answer\nAuthorization: Bearer abcdefghijklmnop";
  const failure = { kind: "unreachable", message };
  assertEquals(await server.post({ client: "laptop", failure }), { status: 204, text: "" });
  const [told, ...others] = server.events.splice(0);
  assertEquals([told?.type, others], ["sync.failed", []]);
  const { error, ...rest } = told?.type === "sync.failed" ? told.detail : { error: "" };
  assertEquals(rest, { space, client: "laptop", kind: "unreachable" });
  assertStringIncludes(error, "The server did not answer Authorization");
  assertEquals(error.includes("abcdefghijklmnop"), false);
});

Deno.test("POST replicas refuses a failure that says nothing", async () => {
  await using server = await serve();
  const wrong: Record<string, readonly unknown[]> = {
    "failure": [null, 1, {}, { kind: "io" }],
    "failure.kind": [{ kind: "bad", message: "x" }],
    "failure.message": [{ kind: "io", message: "" }, { kind: "io", message: 7 }],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const failure of values) {
      const { status, text } = await server.post({ client: "laptop", failure });
      assertEquals(status, 400);
      assertStringIncludes(text, `The member ${name} must be`);
    }
  }
  const failure = { kind: "io", message: "x" };
  assertEquals((await server.post({ client: "two words", failure })).status, 400);
  assertEquals((await server.post({ client: "laptop", failure }, "nowhere")).status, 404);
  assertEquals(server.events, []);
});

const session = { id: "run-1", direction: "push", state: "TransferringFiles", uploads: 3, elapsed_ms: 400 };

Deno.test("POST replicas takes in where a run stands, with a report, a failure or alone", async () => {
  await using server = await serve();
  assertEquals((await server.post({ client: "laptop", session })).status, 204);
  assertEquals(server.events, [], "Nobody is told of what goes on");
  const run = async () => {
    const { state, data, filesSynced, lastError } = (await server.replicas.run("run-1"))!;
    return [state, data, filesSynced, lastError];
  };
  assertEquals(await run(), ["TransferringFiles", '{"uploads":3,"downloads":0}', 0, undefined]);
  const complete = { ...session, state: "Complete", revision: 2, files_synced: 3, bytes_transferred: 9 };
  const report = { client: "laptop", revision: 2, root: server.roots[1], ...figures, session: complete };
  assertEquals((await server.post(report)).status, 204);
  assertEquals(await run(), ["Complete", '{"revision":2}', 3, undefined]);
  assertEquals((await server.post({ client: "laptop", session })).status, 204);
  assertEquals((await run())[0], "Complete", "It was on its way for long");
  const failed = { ...session, id: "run-2", state: "Failed" };
  const failure = { kind: "no_space", message: "The disk is full" };
  assertEquals((await server.post({ client: "laptop", failure, session: failed })).status, 204);
  assertEquals((await server.replicas.run("run-2"))?.lastError, "The disk is full");
  assertEquals(server.events.map(({ type }) => type), ["sync.completed", "sync.failed"]);
});

Deno.test("POST replicas refuses a run that is none, or another client's", async () => {
  await using server = await serve();
  const wrong: Record<string, readonly unknown[]> = {
    "session": [1, "run-1", null, []],
    "session.id": ["", "two words", "x".repeat(101), 7, undefined],
    "session.direction": ["up", undefined],
    "session.state": ["Sleeping", 1, undefined],
    "session.elapsed_ms": [-1, "1", undefined],
    "session.files_synced": [-1, 0.5, "1"],
    "session.uploads": [-1, "many"],
    "session.error": [1],
  };
  for (const [name, values] of Object.entries(wrong)) {
    const member = name.split(".")[1];
    for (const value of values) {
      const body = { client: "laptop", session: member === undefined ? value : { ...session, [member]: value } };
      const { status, text } = await server.post(body);
      assertEquals(status, 400, `${name} ${JSON.stringify(value)}`);
      assertStringIncludes(text, member === undefined ? "The member session is" : `The member ${name} must be`);
    }
  }
  assertEquals((await server.post({ client: "two words", session })).status, 400);
  assertEquals((await server.post({ client: "laptop", session }, "nowhere")).status, 404);
  assertEquals((await server.post({ client: "laptop", session })).status, 204);
  const { status, text } = await server.post({ client: "desk", session });
  assertEquals([status, text.includes("is that of another client")], [409, true]);
});
