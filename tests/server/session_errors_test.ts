import { assert, assertEquals, assertMatch } from "@std/assert";
import { TempFolder } from "../support/temp_folder.ts";
import { chunkBody, listed, serveSessions, type SessionApi } from "./session_api.ts";

const encoder = new TextEncoder();
const one = encoder.encode("1");

/** Runs a test against a server, with a session that expects the file `a` with the content `1`. */
async function withSession(run: (api: SessionApi, id: string) => Promise<void>): Promise<void> {
  await using temp = await TempFolder.make();
  await using served = await serveSessions(temp.folder("data"));
  const { id } = await served.api.compare(await served.api.register(), [listed("a", "1")]);
  await run(served.api, id);
}

/** Makes sure that a call is refused as problem details of a status; gives them. */
async function assertProblem(
  api: SessionApi,
  path: string,
  body: unknown,
  status: number,
): ReturnType<SessionApi["get"]> {
  const answer = await api.post(path, body);
  assertEquals(answer.status, status, `${path} ${JSON.stringify(body).slice(0, 200)}: ${JSON.stringify(answer.data)}`);
  assertEquals(answer.headers.get("content-type"), "application/problem+json");
  assertEquals([answer.data.type, answer.data.status], ["about:blank", status]);
  assert(answer.data.title.length > 0 && answer.data.detail.length > 0);
  return answer;
}

/** Bodies that each call refuses with 400, by the member that the answer must name. */
type BadBodies = Readonly<Record<string, readonly (readonly [member: string, value: unknown])[]>>;

const badTexts = [undefined, null, 1, "", ["x"], {}, true];
const badCounts = [undefined, -1, 1.5, "1", null, 2 ** 53, []];
const hostilePaths = ["", "/", "..", "a/../b", "../a", "a//b", "a/", "a\\b", "a\0b", ".", "./a", "\ud800", 1, null];
const reservedPaths = [".dfs", ".dfs/state.sqlite", "a/.DFS/b", ".dfs-staged-1"];
const badHashes = [undefined, null, "", "12ab", "sha1:0000", "g".repeat(64), 7];

const bad: BadBodies = {
  "register": [
    ...badTexts.map((value) => ["client_name", value] as const),
    ...["two words", "-x", "ü", "a/b", "x".repeat(65), "a\n"].map((value) => ["client_name", value] as const),
    ...[1, "", "x".repeat(65), "a\n", "ü"].map((value) => ["platform", value] as const),
  ],
  "sync/start": [
    ...badTexts.map((value) => ["client_id", value] as const),
    ...["", "two words", "../x", 1].map((value) => ["space", value] as const),
  ],
  "sync/diff": [
    ...badTexts.map((value) => ["session_id", value] as const),
    ...[undefined, null, {}, "x", 1].map((value) => ["local_snapshot", value] as const),
    ...[-1, "1", 0.5].map((value) => ["confirm_deletes", value] as const),
    ...["a", [1], [".."], 1].map((value) => ["declined_downloads", value] as const),
  ],
  "file/upload_chunk": [
    ...badTexts.map((value) => ["session_id", value] as const),
    ...[undefined, ...hostilePaths, ...reservedPaths].map((value) => ["file_path", value] as const),
    ...badCounts.map((value) => ["chunk_index", value] as const),
    ...[1, 2].map((value) => ["chunk_index", value] as const),
    ...badCounts.map((value) => ["total_chunks", value] as const),
    ...[0].map((value) => ["total_chunks", value] as const),
    ...[undefined, null, 1, "0", "0g", "zz", "30 ", "0x30"].map((value) => ["data", value] as const),
    ...badHashes.map((value) => ["chunk_hash", value] as const),
  ],
  "file/upload_complete": [
    ...badTexts.map((value) => ["session_id", value] as const),
    ...[undefined, ...hostilePaths, ...reservedPaths].map((value) => ["file_path", value] as const),
    ...badHashes.map((value) => ["expected_hash", value] as const),
  ],
};

function soundBodies(id: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    "register": { client_name: "laptop", platform: "linux" },
    "sync/start": { client_id: "laptop-1" },
    "sync/diff": { session_id: id, local_snapshot: [] },
    "file/upload_chunk": chunkBody(id, "a", { bytes: one }),
    "file/upload_complete": { session_id: id, file_path: "a", expected_hash: listed("", "1").hash },
  };
}

for (const [path, members] of Object.entries(bad)) {
  Deno.test(`POST /api/${path} names the member that is missing or makes no sense`, () =>
    withSession(async (api, id) => {
      for (const [member, value] of members) {
        const body = { ...soundBodies(id)[path], [member]: value };
        const { data } = await assertProblem(api, path, body, 400);
        const [error] = data.errors;
        const said = JSON.stringify([data.detail, error]);
        assert(error.pointer === `/${member}` || error.message.includes(`"${member}"`), said);
      }
      for (const body of ["", "{", "[]", "null", "3", '"text"']) await assertProblem(api, path, body, 400);
      assertEquals((await api.status(id)).state, "TransferringFiles");
    }));
}

Deno.test("POST /api/sync/diff tells every mistake of a snapshot by its place", () =>
  withSession(async (api, id) => {
    const ask = async (...local_snapshot: readonly unknown[]) => {
      const { data } = await assertProblem(api, "sync/diff", { session_id: id, local_snapshot }, 400);
      return data.errors.map(({ pointer }: { pointer: string }) => pointer);
    };
    const file = listed("a", "1");
    assertEquals(await ask(file, 7, { ...file, file_path: "b", size: -1 }), [
      "/local_snapshot/1",
      "/local_snapshot/2/size",
    ]);
    assertEquals(await ask({ ...file, hash: undefined }), ["/local_snapshot/0"]);
    assertEquals(await ask({ ...file, hash: "12" }), ["/local_snapshot/0/hash"]);
    assertEquals(await ask({ ...file, modified_time: "yesterday" }), ["/local_snapshot/0/modified_time"]);
    assertEquals(await ask(file, { ...file, file_path: "/a" }), ["/local_snapshot/1"]);
    for (const file_path of hostilePaths) assertEquals(await ask({ ...file, file_path }), [placeOf(file_path)]);
    for (const file_path of reservedPaths) assertEquals(await ask({ ...file, file_path }), ["/local_snapshot/0"]);
    assertEquals((await api.status(id)).pending_uploads, ["a"]);
  }));

/** A path that is missing is told at its object. */
function placeOf(path: unknown): string {
  return path === null ? "/local_snapshot/0" : "/local_snapshot/0/file_path";
}

Deno.test("an entry that is no file is passed over in a snapshot", () =>
  withSession(async (api, id) => {
    const { data } = await api.post("sync/diff", {
      session_id: id,
      local_snapshot: [{ file_path: "docs", kind: "directory" }, { file_path: "l", kind: "symlink", target: "docs" }],
    });
    assertEquals([data.files_to_upload, data.state], [[], "Complete"]);
  }));

Deno.test("what there is not is answered 404", () =>
  withSession(async (api, id) => {
    const sound = soundBodies("nothing");
    for (const path of ["sync/diff", "file/upload_chunk", "file/upload_complete"]) {
      const { data } = await assertProblem(api, path, sound[path], 404);
      assertMatch(data.detail, /There is no session "nothing"/);
      assertMatch(data.hint, /sync\/start/);
    }
    assertMatch((await assertProblem(api, "sync/start", { client_id: "x" }, 404)).data.hint, /register/);
    const client_id = await api.register();
    await assertProblem(api, "sync/start", { client_id, space: "nowhere" }, 404);
    assertEquals((await api.get("sync/status?session_id=nothing")).status, 404);
    assertEquals((await api.get(`file/download/none?session_id=${id}`)).status, 404);
    assertEquals((await api.get("file/download/a?session_id=nothing")).status, 404);
    const queries = ["?session_id=", "?session=x", "?limit=0", "?limit=1001", "?limit=ten", "?limit="];
    for (const query of queries) {
      assertEquals((await api.get(`sync/status${query}`)).status, 400);
    }
  }));

Deno.test("what is out of turn is answered 409 with the state and the event", () =>
  withSession(async (api, id) => {
    const early = await api.start(await api.register());
    const chunk = await assertProblem(api, "file/upload_chunk", chunkBody(early, "a", { bytes: one }), 409);
    assertEquals([chunk.data.state, chunk.data.event, chunk.data.allowed], ["Idle", "transfer", ["compare", "fail"]]);
    const other = await assertProblem(api, "file/upload_chunk", chunkBody(id, "b", { bytes: one }), 409);
    assertEquals([other.data.file_path, other.data.reason], ["b", "out_of_turn"]);
    await api.upload(id, "a", "1");
    const over = await assertProblem(api, "sync/diff", { session_id: id, local_snapshot: [] }, 409);
    assertEquals([over.data.state, over.data.event, over.data.allowed], ["Complete", "compare", []]);
    const late = { session_id: id, file_path: "a", expected_hash: listed("", "2").hash };
    assertEquals((await assertProblem(api, "file/upload_complete", late, 409)).data.hash, listed("", "1").hash);
  }));

Deno.test("an upload of which nothing arrived is answered 409", () =>
  withSession(async (api, id) => {
    const finish = { session_id: id, file_path: "a", expected_hash: listed("", "1").hash };
    assertEquals((await assertProblem(api, "file/upload_complete", finish, 409)).data.reason, "incomplete");
  }));

Deno.test("bytes with another hash are answered 422, and what they are", () =>
  withSession(async (api, id) => {
    const chunk = { ...chunkBody(id, "a", { bytes: one }), data: "32" };
    const { data } = await assertProblem(api, "file/upload_chunk", chunk, 422);
    assertEquals(data.chunk_hash, listed("", "2").hash);
    await api.must("file/upload_chunk", chunkBody(id, "a", { bytes: one }));
    const finish = { session_id: id, file_path: "a", expected_hash: listed("", "2").hash };
    const whole = await assertProblem(api, "file/upload_complete", finish, 422);
    assertEquals([whole.data.expected_hash, whole.data.hash], [listed("", "2").hash, listed("", "1").hash]);
    assertEquals((await api.get("metadata/get/a")).status, 404);
  }));

Deno.test("hashes and digits may be in capitals, and hashes named or bare", () =>
  withSession(async (api, id) => {
    const { data, chunk_hash, ...rest } = chunkBody(id, "a", { bytes: one });
    const loud = {
      ...rest,
      data: String(data).toUpperCase(),
      chunk_hash: `sha256:${String(chunk_hash).toUpperCase()}`,
    };
    assertEquals(await api.must("file/upload_chunk", loud), { received: [0], missing: [] });
  }));

Deno.test("bodies may be compressed, and are not larger for that", () =>
  withSession(async (api, id) => {
    const send = async (body: unknown) => {
      const packed = new Blob([JSON.stringify(body)]).stream().pipeThrough(new CompressionStream("gzip"));
      const response = await fetch(`${api.url}/api/file/upload_chunk`, {
        method: "POST",
        headers: { "Content-Encoding": "gzip" },
        body: await new Response(packed).arrayBuffer(),
      });
      await response.body?.cancel();
      return response.status;
    };
    const chunk = chunkBody(id, "a", { bytes: one });
    assertEquals([await send(chunk), await send({ ...chunk, more: "x".repeat(9_000_000) })], [200, 413]);
  }));

Deno.test("what is too large is answered 413", () =>
  withSession(async (api, id) => {
    const bytes = new Uint8Array(4 * 1024 * 1024 + 1);
    assertMatch(
      (await assertProblem(api, "file/upload_chunk", chunkBody(id, "a", { bytes }), 413)).data.detail,
      /4194304/,
    );
    const many = chunkBody(id, "a", { bytes: one, total: 10_001 });
    assertMatch((await assertProblem(api, "file/upload_chunk", many, 413)).data.detail, /at most 10000/);
    await assertProblem(api, "file/upload_chunk", { ...many, more: "x".repeat(8_500_000) }, 413);
    const more = "x".repeat(17_000);
    await assertProblem(api, "register", { client_name: "x", platform: "x", more }, 413);
    await assertProblem(api, "sync/start", { client_id: "x", more }, 413);
    await assertProblem(api, "file/upload_complete", { session_id: id, more }, 413);
    assertEquals((await api.status(id)).bytes_transferred, 0);
  }));

Deno.test("the seventeenth open session of a client is answered 429 with when to come again", () =>
  withSession(async (api) => {
    const client_id = await api.register();
    for (let count = 0; count < 16; count++) await api.start(client_id);
    const { headers } = await assertProblem(api, "sync/start", { client_id }, 429);
    assertEquals(headers.get("retry-after"), "60");
    await api.start(await api.register());
  }));

Deno.test("other methods are answered 405", () =>
  withSession(async (api) => {
    for (const path of ["register", "sync/start", "sync/diff", "file/upload_chunk", "file/upload_complete"]) {
      assertEquals((await api.get(path)).status, 405, path);
    }
    assertEquals((await api.post("sync/status", {})).status, 405);
  }));
