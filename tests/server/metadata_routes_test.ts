import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { decodeMetadata, encodeMetadata, metadataType } from "../../lib/metadata/binary/mod.ts";
import { parseMetadata, printMetadata } from "../../lib/metadata/ddl/mod.ts";
import { announcement, hashOf } from "../metadata/repository/fixtures.ts";
import { MetadataApi } from "./metadata_api.ts";

const report = { file_path: "/documents/report.pdf", hash: `sha256:${hashOf("1")}`, size: 1048576, version: 1 };

Deno.test("POST /api/metadata/add stores what it says; get, list and history tell it", async () => {
  await using api = await MetadataApi.open();
  const added = await api.ask("POST", "add", { body: report });
  assertEquals([added.status, added.headers.get("etag")], [201, '"1-pending"']);
  assertEquals(added.headers.get("location"), "/api/metadata/get/documents/report.pdf");
  const { modified_time, ...rest } = added.data;
  assertMatch(modified_time, /^\d{4}-\d\d-\d\dT.*Z$/);
  assertEquals(rest, {
    ...report,
    file_path: "documents/report.pdf",
    kind: "file",
    mode: "0644",
    state: "pending",
    replicas: [],
  });
  assertEquals((await api.ask("GET", "get/documents/report.pdf")).data, added.data);
  assertEquals((await api.ask("GET", "get//documents/report.pdf")).status, 200);
  assertEquals((await api.ask("GET", "list")).data, { files: [added.data], next_cursor: null });
  const { versions } = (await api.ask("GET", "history/documents/report.pdf")).data;
  assertEquals([versions.length, versions[0].revision, versions[0].version], [1, 0, 1]);
  assertEquals((await api.ask("POST", "add", { body: report })).status, 200);
  const other = await api.ask("POST", "add", { body: { ...report, size: 7 } });
  assertEquals([other.status, other.headers.get("content-type")], [409, "application/problem+json"]);
});

Deno.test("what is announced becomes synced when a push brings it, and the hash is that of the content", async () => {
  await using api = await MetadataApi.open();
  const large = Array.from({ length: 5_000 }, (_, n) => hashOf(`${n}`)).join("");
  await api.ask("POST", "add", { body: { file_path: "a.txt", size: 1, hash: hashOf("1") } });
  await api.ask("POST", "add", { body: { file_path: "large.txt", size: large.length, hash: hashOf(large) } });
  const head = async () => (await (await fetch(`${api.url}/api/spaces/default`)).json()).revision;
  assertEquals(await head(), 0);
  await api.push({ "a.txt": "1", "large.txt": large });
  assertEquals(await head(), 1);
  for (const [path, text] of [["a.txt", "1"], ["large.txt", large]] as const) {
    const { data } = await api.ask("GET", `get/${path}`);
    assertEquals([data.state, data.hash, data.replicas.length], ["synced", `sha256:${hashOf(text)}`, 2]);
    assertEquals(
      (await api.ask("POST", "add", { body: { file_path: path, size: text.length, hash: hashOf(text) } })).status,
      200,
    );
  }
  const listed = (await api.ask("GET", "list?state=synced")).data.files;
  assertEquals(
    listed.map((file: { hash: string }) => file.hash),
    [hashOf("1"), hashOf(large)].map((hash) => `sha256:${hash}`),
  );
  const { versions } = (await api.ask("GET", "history/a.txt")).data;
  assertEquals(versions.map((version: { state: string }) => version.state), ["synced", "pending"]);
});

Deno.test("metadata is taken and given as JSON, as DDL under its three names, and in binary", async () => {
  await using api = await MetadataApi.open();
  const entries = [announcement("a", "1"), announcement("d/é", "2", { owner: "zoe" })];
  const bodies = {
    "application/x-dfs-ddl": printMetadata(entries),
    "text/yaml": printMetadata(entries),
    "application/yaml; charset=utf-8": printMetadata(entries),
    [metadataType]: new Uint8Array(await new Blob([...encodeMetadata(entries)]).arrayBuffer()),
  };
  for (const [index, [type, body]] of Object.entries(bodies).entries()) {
    await fetch(`${api.url}/api/spaces/s${index}`, { method: "PUT" }).then((response) => response.body?.cancel());
    const added = await api.ask("POST", `add?space=s${index}`, { type, body });
    assertEquals([added.status, added.data.files.length], [201, 2], type);
    for (const accept of ["application/x-dfs-ddl", "text/yaml", "application/yaml"]) {
      const { text, headers } = await api.ask("GET", `list?space=s${index}`, { headers: { Accept: accept } });
      assertEquals(headers.get("content-type"), accept);
      assertEquals(parseMetadata(text), { ok: true, value: entries });
    }
    const binary = await api.ask("GET", `list?space=s${index}`, { headers: { Accept: metadataType } });
    assertEquals(decodeMetadata([binary.bytes]), { ok: true, value: entries });
  }
  assertEquals((await api.ask("GET", "list", { headers: { Accept: "image/png" } })).status, 406);
  assertEquals(
    (await api.ask("GET", "list", { headers: { Accept: "text/*;q=0.5, */*;q=0.1" } })).headers.get("content-type"),
    "text/yaml",
  );
});

Deno.test("mistakes come as problem details that name each place", async () => {
  await using api = await MetadataApi.open();
  const ddl = await api.ask("POST", "add", { type: "text/yaml", body: "file_metadata:\n  name: x\n  verison: 3\n" });
  assertEquals([ddl.status, ddl.headers.get("content-type")], [400, "application/problem+json"]);
  const unknown = ddl.data.errors.find(({ code }: { code: string }) => code === "unknown-key");
  assertEquals([unknown.line, unknown.column, unknown.hint], [3, 3, 'Did you mean "version"?']);
  const json = await api.ask("POST", "add", { body: { files: [{ file_path: "../x", size: -1 }] } });
  assertEquals(json.data.errors.map(({ pointer }: { pointer: string }) => pointer), [
    "/files/0/file_path",
    "/files/0/size",
  ]);
  const syntax = await api.ask("POST", "add", { body: '{"file_path": "x",\n oops}' });
  assertEquals([syntax.data.errors[0].line, syntax.data.errors[0].column], [2, 2]);
  const binary = await api.ask("POST", "add", { type: metadataType, body: "DFSM" });
  assertStringIncludes(binary.data.detail, "ends early");
  assertEquals((await api.ask("GET", "list")).data.files, []);
});

const refused: readonly (readonly [what: string, method: string, target: string, options: object, status: number])[] = [
  ["a form that a page of another site could send", "POST", "add", { body: report, type: "text/plain" }, 415],
  ["a control character in an owner", "POST", "add", { body: { ...report, owner: "a\u0000b" } }, 400],
  ["replicas without end", "POST", "add", {
    body: { ...report, replicas: Array.from({ length: 1001 }, (_, n) => ({ node: `${n}`, version: 1 })) },
  }, 400],
  ["a version that cannot be counted on from", "POST", "add", { body: { ...report, version: 2 ** 53 - 1 } }, 400],
  ["a space that does not exist", "POST", "add?space=none", { body: report }, 404],
  ["no name for a space", "GET", "list?space=a/b", {}, 400],
  ["an unsafe path", "GET", "get/a%2F..%2Fb", {}, 400],
  ["a backslash", "DELETE", "get/a%5Cb", {}, 400],
  ["a path of which nothing is known", "GET", "get/none", {}, 404],
  ["a history of nothing", "GET", "history/none", {}, 404],
  ["to delete nothing", "DELETE", "get/none", {}, 404],
  ["an unknown state", "GET", "list?state=sync", {}, 400],
  ["a limit of zero", "GET", "list?limit=0", {}, 400],
  ["a limit beyond all", "GET", "list?limit=1e9", {}, 400],
  ["a cursor that no page gave", "GET", "list?cursor=Li4vLi4", {}, 400],
  ["a cursor that is none", "GET", "list?cursor=%00", {}, 400],
  ["a body for another path", "PUT", "get/a", { body: report }, 400],
  ["no entry at all", "PUT", "get/a", { body: { files: [] } }, 400],
  ["a version that is none", "PUT", "get/a", { body: { size: 1 }, headers: { "If-Match": "W/x" } }, 400],
  ["a version of nothing", "PUT", "get/a", { body: { size: 1 }, headers: { "If-Match": '"1"' } }, 412],
];

Deno.test("what makes no sense is refused with the status that says why", async (test) => {
  await using api = await MetadataApi.open();
  for (const [what, method, target, options, status] of refused) {
    await test.step(what, async () => {
      const answer = await api.ask(method, target, options);
      assertEquals([answer.status, answer.headers.get("content-type")], [status, "application/problem+json"]);
    });
  }
});

Deno.test("PUT and DELETE change only the version that If-Match names", async () => {
  await using api = await MetadataApi.open();
  const put = (body: object, match?: string) =>
    api.ask("PUT", "get/a.txt", { body, ...(match === undefined ? {} : { headers: { "If-Match": match } }) });
  assertEquals((await put({ size: 1 })).status, 201);
  assertEquals((await put({ size: 2 }, '"2"')).status, 412);
  assertEquals((await put({ size: 2 }, '"1-synced"')).status, 412);
  const updated = await put({ size: 2 }, '"1-pending"');
  assertEquals([updated.status, updated.data.version, updated.headers.get("etag")], [200, 2, '"2-pending"']);
  assertEquals((await put({ size: 3 }, '"2"')).data.version, 3);
  assertEquals((await api.ask("GET", "get/a.txt", { headers: { "If-None-Match": '"3-pending"' } })).status, 304);
  assertEquals((await api.ask("DELETE", "get/a.txt", { headers: { "If-Match": '"2"' } })).status, 412);
  assertEquals((await api.ask("DELETE", "get/a.txt", { headers: { "If-Match": '"3"' } })).status, 204);
  assertEquals((await api.ask("GET", "get/a.txt")).status, 404);
  assertEquals((await api.ask("GET", "list?state=deleted")).data.files.length, 1);
});

Deno.test("PUT of committed content commits times and permissions, of other content it announces; DELETE commits", async () => {
  await using api = await MetadataApi.open();
  await api.push({ "d/a.txt": "1" });
  const body = { size: 1, hash: hashOf("1"), mode: "0600", modified_time: "2024-01-15T10:30:00Z" };
  const touched = await api.ask("PUT", "get/d/a.txt", { body, headers: { "If-Match": '"1"' } });
  assertEquals([touched.status, touched.data.version, touched.data.state, touched.data.mode], [
    200,
    2,
    "synced",
    "0600",
  ]);
  assertEquals((await api.ask("PUT", "get/d/a.txt", { body })).data.version, 2);
  const announced = await api.ask("PUT", "get/d/a.txt", { body: { size: 2, hash: hashOf("22") } });
  assertEquals([announced.data.version, announced.data.state, announced.data.mode], [3, "modified", "0600"]);
  assertEquals((await api.ask("DELETE", "get/d/a.txt")).status, 204);
  assertEquals((await api.ask("GET", "get/d/a.txt")).data.state, "synced");
  assertEquals((await api.ask("DELETE", "get/d")).status, 409);
  assertEquals((await api.ask("DELETE", "get/d/a.txt", { headers: { "If-Match": '"1"' } })).status, 412);
  assertEquals((await api.ask("DELETE", "get/d/a.txt")).status, 204);
  assertEquals((await api.ask("DELETE", "get/d")).status, 204);
  assertEquals((await (await fetch(`${api.url}/api/spaces/default`)).json()).entries, 0);
});

Deno.test("PUT of committed content commits its time to the nanosecond, and keeps it where none is told", async () => {
  await using api = await MetadataApi.open();
  await api.push({ "a.txt": "1" });
  const put = async (more: Readonly<Record<string, unknown>>) => {
    const { data } = await api.ask("PUT", "get/a.txt", { body: { size: 1, hash: hashOf("1"), ...more } });
    assertEquals((await api.ask("GET", "get/a.txt")).data, data);
    return [data.version, data.state, data.modified_time];
  };
  const modified_time = "2024-01-15T10:30:00.123456789Z";
  assertEquals(await put({ modified_time }), [2, "synced", modified_time]);
  assertEquals(await put({ mode: "0600" }), [3, "synced", modified_time]);
  assertEquals(await put({ modified_time: "2024-01-15T10:30:00.123Z" }), [4, "synced", "2024-01-15T10:30:00.123Z"]);
});

Deno.test("GET /api/metadata/list gives thousands of entries page by page, each once", async () => {
  await using api = await MetadataApi.open();
  const files = Array.from({ length: 5000 }, (_, n) => ({ file_path: `d${n % 50}/f${n}`, size: n }));
  assertEquals((await api.ask("POST", "add", { body: { files } })).status, 201);
  const seen = new Set<string>();
  let cursor: string | null = "";
  let pages = 0;
  while (cursor !== null) {
    const { data, headers } = await api.ask("GET", `list?limit=900&cursor=${cursor}`);
    for (const file of data.files) seen.add(file.file_path);
    cursor = data.next_cursor;
    assertEquals(headers.get("link")?.includes(`cursor=${cursor}`) ?? false, cursor !== null);
    pages++;
  }
  assertEquals([seen.size, pages], [5000, 6]);
  const { data } = await api.ask("GET", "list?prefix=/d7/&glob=**/*7");
  assert(
    data.files.length > 0 && data.files.every(({ file_path }: { file_path: string }) => /^d7\/f\d*7$/.test(file_path)),
  );
});
