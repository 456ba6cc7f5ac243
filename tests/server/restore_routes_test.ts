import { assertEquals, assertStringIncludes } from "@std/assert";
import { createServer, Router } from "../../lib/network/mod.ts";
import { addDownloadRoutes } from "../../lib/server/download_routes.ts";
import { failureProblems } from "../../lib/server/failure_problems.ts";
import { addHistoryRoutes } from "../../lib/server/history_routes.ts";
import { addRestoreRoutes } from "../../lib/server/restore_routes.ts";
import { directory } from "../metadata/store/fixtures.ts";
import { cutContent } from "../support/cut_content.ts";
import { ServiceFixture, space } from "../support/service_fixture.ts";

const text = (words: string) => cutContent(new TextEncoder().encode(words));

/** A server that has these routes and nothing else, over a space of three revisions, at 5, 6 and 7 seconds past 1970. */
async function serve() {
  const fixture = await ServiceFixture.make();
  await fixture.store(text("one"), text("two"));
  await fixture.apply({ f: text("one"), d: directory(), "d/x": text("one") });
  fixture.time.pass(1000);
  await fixture.apply({ f: text("two"), "d/y": text("two") });
  fixture.time.pass(1000);
  await fixture.apply({ f: undefined });
  const router = new Router();
  router.use(failureProblems);
  addHistoryRoutes(router, fixture.service);
  addRestoreRoutes(router, fixture.service);
  addDownloadRoutes(router, fixture.service);
  const server = createServer("async", { handler: router.handler });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const base = `http://127.0.0.1:${port}`;
  const get = async (path: string) => {
    const response = await fetch(`${base}${path}`);
    const body = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, body: isJson ? JSON.parse(body) : body };
  };
  const restore = async (body: unknown, to = space) => {
    const init = { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(`${base}/api/spaces/${to}/restore`, init);
    return { status: response.status, body: await response.json() };
  };
  return { fixture, get, restore, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

Deno.test("POST restore brings back a version of a file, and tells what it made", async () => {
  await using server = await serve();
  const { status, body } = await server.restore({ path: "f", version: 1 });
  const { root } = (await server.fixture.service.head(space))!;
  const { size, content: hash } = text("one").entry;
  const changes = [{ path: "f", change: "added", kind: "file", size, hash }];
  assertEquals(status, 200);
  assertEquals(body, {
    revision: 4,
    root,
    source: 1,
    dry_run: false,
    repeated: false,
    restored: 1,
    deleted: 0,
    changes,
  });
  assertEquals((await server.get("/api/file/download/f")).body, "one");
});

Deno.test("POST restore takes revisions, as numbers and as text, and times in any zone", async () => {
  for (const at of [2, "2", "1970-01-01T00:00:06Z", "1970-01-01T01:00:06.999+01:00"]) {
    await using server = await serve();
    const { status, body } = await server.restore({ path: "f", at });
    assertEquals([status, body.source], [200, 2], `at ${at}`);
    assertEquals((await server.get("/api/file/download/f")).body, "two");
  }
});

Deno.test("POST restore leaves what was added to a folder, but not to the space, unless told", async () => {
  const cases = [
    [{ path: "d", at: 1 }, [0, 0]],
    [{ path: "d/", at: 1, exact: true }, [0, 1]],
    [{ all: true, at: 1 }, [1, 1]],
    [{ all: true, at: 1, exact: false }, [1, 0]],
  ] as const;
  for (const [request, [restored, deleted]] of cases) {
    await using server = await serve();
    const { status, body } = await server.restore({ ...request, dry_run: true });
    assertEquals([status, body.restored, body.deleted, body.revision], [200, restored, deleted, 3]);
    const done = await server.restore(request);
    assertEquals(done.body.changes, body.changes);
    assertEquals(done.body.revision, restored + deleted > 0 ? 4 : 3);
  }
});

Deno.test("POST restore commits as the client that asks, and once where an id is sent twice", async () => {
  await using server = await serve();
  const request = { path: "f", version: 1, id: "x", client: "desk" };
  const [once, again] = [await server.restore(request), await server.restore(request)];
  assertEquals(again.body, { ...once.body, repeated: true, restored: 0, changes: [] });
  const [head] = await server.fixture.service.revisions(space, { limit: 1 });
  assertEquals([head?.revision, head?.client], [4, "desk"]);
});

Deno.test("POST restore tells apart what is not there", async () => {
  await using server = await serve();
  const cases: readonly (readonly [unknown, number, string])[] = [
    [{ path: "nowhere", version: 1 }, 404, 'There never was a \\"nowhere\\"'],
    [{ path: "d/y", at: 1 }, 404, 'There was no \\"d/y\\" in the space \\"default\\" at revision 1'],
    [{ path: "f", version: 4 }, 404, '\\"f\\" has no version 4'],
    [{ path: "f", version: 3 }, 404, 'Version 3 of \\"f\\" is its deletion'],
    [{ path: "d", version: 1 }, 400, "A version says nothing of what lies in a folder"],
    [{ path: "f", at: 9 }, 404, "has no revision 9"],
    [{ all: true, at: 0 }, 404, "has no revision 0"],
    [{ path: "f", at: "1970-01-01T00:00:04Z" }, 404, "had no revision yet at 1970-01-01T00:00:04.000Z"],
  ];
  for (const [request, status, words] of cases) {
    const answer = await server.restore(request);
    assertEquals(answer.status, status, JSON.stringify(request));
    assertStringIncludes(JSON.stringify(answer.body), words);
  }
  assertEquals((await server.restore({ path: "f", version: 1 }, "nowhere")).status, 404);
  assertEquals((await server.fixture.service.head(space))!.revision, 3);
});

Deno.test("POST restore names what is in the way", async () => {
  await using server = await serve();
  await server.fixture.apply({ f: directory(), "f/g": text("two") });
  const { status, body } = await server.restore({ path: "f", version: 1 });
  assertEquals([status, body.paths], [409, ["f/g"]]);
  assertEquals((await server.restore({ path: "f", version: 1, exact: true })).body.deleted, 1);
});

Deno.test("POST restore refuses what makes no sense, and changes nothing", async () => {
  await using server = await serve();
  const wrong: readonly unknown[] = [
    ...["", "[]", "null", "3", "{", {}, { path: "f" }, { version: 1 }, { all: true }, { all: false, at: 1 }],
    ...[{ path: "f", all: true, at: 1 }, { path: "f", version: 1, at: 1 }, { all: true, version: 1 }],
    ...[{ path: "", at: 1 }, { path: "/", at: 1 }, { path: "../f", at: 1 }, { path: 3, at: 1 }],
    ...[0, -1, 1.5, "1", null].map((version) => ({ path: "f", version })),
    ...["yesterday", "2026-01-31", "2026-01-31T12:00:00", "2026-02-30T00:00:00Z", "", -1, 1.5, null, true].map((at) => {
      return { path: "f", at };
    }),
    ...[{ exact: 1 }, { dry_run: "yes" }, { dryrun: true }, { id: "" }, { id: "a b" }, { client: 1 }].map((more) => {
      return { path: "f", version: 1, ...more };
    }),
  ];
  for (const request of wrong) {
    const { status, body } = await server.restore(request);
    assertEquals(status, 400, `${JSON.stringify(request)}: ${JSON.stringify(body)}`);
  }
  assertEquals((await server.restore({ path: "f", version: 1, id: "x".repeat(20_000) })).status, 413);
  assertEquals((await server.fixture.service.head(space))!.revision, 3);
});

Deno.test("GET revisions gives the revisions of a space by pages, newest first", async () => {
  await using server = await serve();
  const numbers = async (query: string) => {
    const { status, body } = await server.get(`/api/spaces/${space}/revisions${query}`);
    assertEquals(status, 200, query);
    return [body.revisions.map(({ revision }: { revision: number }) => revision), body.next_before];
  };
  assertEquals(await numbers(""), [[3, 2, 1], null]);
  assertEquals(await numbers("?limit=2"), [[3, 2], 2]);
  assertEquals(await numbers("?limit=2&before=2"), [[1], null]);
  assertEquals(await numbers("?before=1"), [[], null]);
  const { body } = await server.get(`/api/spaces/${space}/revisions?limit=1`);
  const { root } = (await server.fixture.service.head(space))!;
  const committed_at = "1970-01-01T00:00:07.000Z";
  assertEquals(body.revisions, [{ revision: 3, root, client: "laptop", committed_at, puts: 0, deletes: 1 }]);
  for (const query of ["limit=0", "limit=1001", "limit=x", "before=-1"]) {
    assertEquals((await server.get(`/api/spaces/${space}/revisions?${query}`)).status, 400, query);
  }
  assertEquals((await server.get("/api/spaces/nowhere/revisions")).status, 404);
});

Deno.test("GET history gives the versions that there were at a moment", async () => {
  await using server = await serve();
  const versions = async (query: string) => {
    const { status, body } = await server.get(`/api/spaces/${space}/history?path=f${query}`);
    return status === 200 ? body.versions.map(({ version }: { version: number }) => version) : status;
  };
  assertEquals(await versions(""), [3, 2, 1]);
  assertEquals(await versions("&at=2"), [2, 1]);
  assertEquals(await versions("&at=1970-01-01T00:00:05.999Z"), [1]);
  assertEquals(await versions("&at=1970-01-01T00:00:04Z"), 404);
  assertEquals(await versions("&at=4"), 404);
  assertEquals(await versions("&at=now"), 400);
});

Deno.test("GET download gives a file as it was at a moment", async () => {
  await using server = await serve();
  assertEquals(await server.get("/api/file/download/f?at=1"), { status: 200, body: "one" });
  assertEquals(await server.get("/api/file/download/f?at=1970-01-01T00:00:06Z"), { status: 200, body: "two" });
  assertEquals((await server.get("/api/file/download/f?at=3")).status, 404);
  assertEquals((await server.get("/api/file/download/f?at=4")).status, 404);
  assertEquals((await server.get("/api/file/download/f?at=1&version=1")).status, 400);
});
