import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { sha256 } from "../../lib/core/mod.ts";
import { cutContent } from "../support/cut_content.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { chunkBody, listed, serveSessions, type SessionApi } from "./session_api.ts";

/** Runs a test against a server with an empty space. */
async function withApi(run: (api: SessionApi) => Promise<void>): Promise<void> {
  await using temp = await TempFolder.make();
  await using served = await serveSessions(temp.folder("data"));
  await run(served.api);
}

/** Bytes that do not repeat. */
function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

Deno.test("a whole session: register, start, diff, upload, download, status", () =>
  withApi(async (api) => {
    const first = await api.must("register", { client_name: "laptop1", platform: "linux" });
    assertMatch(first.client_id, /^laptop1-[0-9a-f]{12}$/);
    const again = await api.must("register", { client_name: "laptop1", platform: "linux" });
    assertNotEquals(again.client_id, first.client_id);
    const started = await api.must("sync/start", { client_id: first.client_id });
    assertEquals(started.server_snapshot, []);
    assertEquals((await api.status(started.session_id)).state, "Idle");
    const diff = await api.must("sync/diff", {
      session_id: started.session_id,
      local_snapshot: [{ ...listed("/docs/file.txt", "Hello"), modified_time: "2026-01-02T03:04:05.678901234Z" }],
    });
    assertEquals(diff.files_to_upload, ["docs/file.txt"]);
    assertEquals([diff.files_to_download, diff.files_to_delete_remote], [[], []]);
    assertEquals((await api.status(started.session_id)).state, "TransferringFiles");
    const file = await api.upload(started.session_id, "/docs/file.txt", "Hello");
    assertEquals([file.file_path, file.hash, file.size, file.version], [
      "docs/file.txt",
      listed("", "Hello").hash,
      5,
      1,
    ]);
    assertEquals(file.modified_time, "2026-01-02T03:04:05.678901234Z");
    const status = await api.status(started.session_id);
    assertEquals([status.state, status.files_synced, status.bytes_transferred, status.last_error], [
      "Complete",
      1,
      5,
      null,
    ]);
    assertEquals(status.session_id, started.session_id);
    assert(Date.parse(status.started_at) > 0);

    const other = await api.must("sync/start", { client_id: again.client_id });
    assertEquals(other.server_snapshot, [{
      ...listed("docs/file.txt", "Hello", 1),
      modified_time: "2026-01-02T03:04:05.678901234Z",
    }]);
    const wanted = await api.must("sync/diff", { session_id: other.session_id, local_snapshot: [] });
    assertEquals(wanted.files_to_download, ["docs/file.txt"]);
    assertEquals(await api.download("docs/file.txt", other.session_id), "Hello");
    assertEquals((await api.status(other.session_id)).state, "Complete");
    const { sessions, replicas } = (await api.get("sync/overview")).data;
    const seen = sessions.map(({ session, client, state }: Record<string, unknown>) => [session, client, state]);
    assertEquals(
      seen.sort(),
      [
        [started.session_id, first.client_id, "Complete"],
        [other.session_id, again.client_id, "Complete"],
      ].sort(),
    );
    assertEquals(replicas.map(({ name }: { name: string }) => name), ["laptop1", "laptop1"]);
  }));

Deno.test("chunks may come in any order and again; upload_complete tells which are missing", () =>
  withApi(async (api) => {
    const bytes = noise(700_000);
    const pieces = [0, 1, 2].map((index) => bytes.subarray(index * 300_000, (index + 1) * 300_000));
    const client = await api.register();
    const { id } = await api.compare(client, [listed("big.bin", bytes)]);
    const send = (index: number) =>
      api.must("file/upload_chunk", chunkBody(id, "big.bin", { index, total: 3, bytes: pieces[index]! }));
    assertEquals(await send(2), { received: [2], missing: [0, 1] });
    assertEquals(await send(2), { received: [2], missing: [0, 1] });
    const finish = { session_id: id, file_path: "/big.bin", expected_hash: `sha256:${sha256(bytes)}` };
    const early = await api.post("file/upload_complete", finish);
    assertEquals([early.status, early.data.missing], [409, [0, 1]]);
    await send(0);
    assertEquals(await send(1), { received: [0, 1, 2], missing: [] });
    const file = await api.post("file/upload_complete", finish);
    assertEquals([file.status, file.data.hash, file.data.size], [201, finish.expected_hash, 700_000]);
    const repeated = await api.post("file/upload_complete", finish);
    assertEquals([repeated.status, repeated.data], [200, file.data]);
    assertEquals(await send(1), { received: [0, 1, 2], missing: [] });
    assertEquals((await api.status(id)).bytes_transferred, 700_000);
    const response = await fetch(api.downloadUrl("big.bin"));
    assertEquals(new Uint8Array(await response.arrayBuffer()), bytes);
    // The name of the content is that which every client gives it: it was cut anew.
    assertEquals(response.headers.get("etag"), `"${cutContent(bytes).entry.content}"`);
    const start = await api.must("sync/start", { client_id: client });
    assertEquals(start.server_snapshot.map(({ hash }: { hash: string }) => hash), [finish.expected_hash]);
    const same = await api.must("sync/diff", {
      session_id: start.session_id,
      local_snapshot: [listed("big.bin", bytes, 1)],
    });
    assertEquals([same.state, same.files_to_upload], ["Complete", []]);
  }));

Deno.test("an empty file needs no chunk, or one of no bytes", () =>
  withApi(async (api) => {
    const { id } = await api.compare(await api.register(), [listed("a", ""), listed("b", "")]);
    await api.must("file/upload_complete", { session_id: id, file_path: "a", expected_hash: listed("", "").hash });
    assertEquals((await api.upload(id, "b", "")).size, 0);
    assertEquals((await api.status(id)).state, "Complete");
    const other = await api.compare(await api.register(), []);
    for (const path of other.diff.files_to_download) assertEquals(await api.download(path, other.id), "");
    assertEquals((await api.status(other.id)).state, "Complete");
  }));

Deno.test("the server's newer version is downloaded, the client's is uploaded, by the version each goes back to", () =>
  withApi(async (api) => {
    const laptop = await api.register("laptop");
    await api.sync(laptop, { a: "1", b: "1" });
    await api.sync(laptop, { a: "2", b: "1" }, { a: 1, b: 1 });
    const desktop = await api.register("desktop");
    const { diff } = await api.compare(desktop, [listed("a", "1", 1), listed("b", "2", 1)]);
    assertEquals([diff.files_to_download, diff.files_to_upload, diff.conflicts], [["a"], ["b"], []]);
  }));

Deno.test("a path that changed on both sides is kept twice", () =>
  withApi(async (api) => {
    const laptop = await api.register("laptop");
    await api.sync(laptop, { "plan.txt": "1" });
    await api.sync(laptop, { "plan.txt": "2" }, { "plan.txt": 1 });
    const desktop = await api.register("desktop");
    const { id, diff } = await api.compare(desktop, [listed("plan.txt", "mine", 1)]);
    assertEquals([diff.files_to_upload, diff.files_to_download], [["plan.txt"], ["plan.txt"]]);
    const [{ file_path, copy_path }] = diff.conflicts;
    assertEquals(file_path, "plan.txt");
    assertMatch(copy_path, /^plan\.conflict-\d{8}-\d{6}-desktop-[0-9a-f-]+\.txt$/);
    const file = await api.upload(id, "plan.txt", "mine");
    assertEquals([file.file_path, file.conflict], [copy_path, { file_path, copy_path }]);
    assertEquals((await api.status(id)).state, "TransferringFiles");
    assertEquals(await api.download("plan.txt", id), "2");
    assertEquals((await api.status(id)).state, "Complete");
    assertEquals(await api.download(copy_path), "mine");
    // Nobody is told to delete the copy for not having it.
    const next = await api.compare(desktop, [listed("plan.txt", "2", 2)]);
    assertEquals([next.diff.files_to_download, next.diff.files_to_delete_remote], [[copy_path], []]);
  }));

Deno.test("two sessions on one path: the second to finish becomes a conflict copy", () =>
  withApi(async (api) => {
    const laptop = await api.compare(await api.register("laptop"), [listed("a.txt", "laptop's")]);
    const desktop = await api.compare(await api.register("desktop"), [listed("a.txt", "desktop's")]);
    assertEquals((await api.upload(laptop.id, "a.txt", "laptop's")).file_path, "a.txt");
    const copy = await api.upload(desktop.id, "a.txt", "desktop's");
    assertMatch(copy.file_path, /^a\.conflict-.*-desktop-.*\.txt$/);
    assertEquals(copy.conflict, { file_path: "a.txt", copy_path: copy.file_path });
    assertEquals(await api.download(copy.file_path), "desktop's");
    const status = await api.status(desktop.id);
    assertEquals([status.state, status.pending_downloads], ["TransferringFiles", ["a.txt"]]);
    assertEquals(await api.download("a.txt", desktop.id), "laptop's");
    assertEquals((await api.status(desktop.id)).state, "Complete");
  }));

Deno.test("two sessions that bring the same content to one path are in no conflict", () =>
  withApi(async (api) => {
    const [one, two] = [
      await api.compare(await api.register(), [listed("a", "same")]),
      await api.compare(
        await api.register(),
        [listed("a", "same")],
      ),
    ];
    await api.upload(one.id, "a", "same");
    const file = await api.upload(two.id, "a", "same");
    assertEquals([file.file_path, file.version, file.conflict], ["a", 1, undefined]);
    assertEquals((await api.status(two.id)).state, "Complete");
  }));

Deno.test("a file that the client held and lacks is deleted; a new client's lack is no deletion", () =>
  withApi(async (api) => {
    const laptop = await api.register("laptop");
    await api.sync(laptop, { a: "1", b: "1", c: "1" });
    const desktop = await api.register("desktop");
    const fresh = await api.compare(desktop, [listed("a", "1", 1)]);
    assertEquals([fresh.diff.files_to_delete_remote, fresh.diff.files_to_download], [[], ["b", "c"]]);
    const { id, diff } = await api.compare(laptop, [listed("a", "1", 1), listed("c", "2", 1)]);
    assertEquals([diff.files_to_delete_remote, diff.files_to_upload], [["b"], ["c"]]);
    assertEquals(await api.download("b"), "1", "Deleted before the uploads were through");
    await api.upload(id, "c", "2");
    const status = await api.status(id);
    assertEquals([status.state, status.files_synced], ["Complete", 2]);
    assertEquals((await api.get("metadata/get/b")).status, 404);
    // The other client has it unchanged, and is told.
    const told = await api.compare(desktop, [listed("a", "1", 1), listed("b", "1", 1), listed("c", "2", 2)]);
    assertEquals([told.diff.files_to_delete_local, told.diff.state], [["b"], "Complete"]);
    const kept = await api.compare(desktop, [listed("a", "1", 1), listed("b", "edited", 1), listed("c", "2", 2)]);
    assertEquals([kept.diff.files_to_delete_local, kept.diff.files_to_upload], [[], ["b"]]);
  }));

Deno.test("a deletion does not undo what somebody else changed since", () =>
  withApi(async (api) => {
    const laptop = await api.register("laptop");
    await api.sync(laptop, { a: "1", b: "1" });
    const { id, diff } = await api.compare(laptop, [listed("new", "1")]);
    assertEquals(diff.files_to_delete_remote, ["a", "b"]);
    await api.sync(await api.register("desktop"), { a: "edited", b: "1" }, { a: 1, b: 1 });
    await api.upload(id, "new", "1");
    assertEquals((await api.status(id)).state, "Complete");
    assertEquals(await api.download("a"), "edited");
    assertEquals((await api.get("metadata/get/b")).status, 404);
    const next = await api.compare(laptop, [listed("new", "1", 1)]);
    assertEquals([next.diff.files_to_download, next.diff.files_to_delete_remote], [["a"], []]);
  }));

Deno.test("many deletions need a word, and all files of a space do", () =>
  withApi(async (api) => {
    const laptop = await api.register();
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, `${index}`]));
    await api.sync(laptop, files);
    const kept = (count: number) => Object.entries(files).slice(0, count).map(([path, text]) => listed(path, text, 1));
    const id = await api.start(laptop);
    const ask = (count: number, more = {}) =>
      api.post("sync/diff", { session_id: id, local_snapshot: kept(count), ...more });
    for (const count of [0, 9]) {
      const { status, data } = await ask(count, { confirm_deletes: 3 });
      assertEquals([status, data.reason, data.files_to_delete_remote.length], [409, "unconfirmed", 20 - count]);
      assertMatch(data.hint, new RegExp(`"confirm_deletes": ${20 - count}`));
    }
    assertEquals((await api.status(id)).state, "ComputingDiff");
    assertMatch((await api.status(id)).last_error, /would delete 11 of 20 files/);
    assertEquals((await api.get("metadata/list")).data.files.length, 20);
    const { data } = await ask(0, { confirm_deletes: 20 });
    assertEquals([data.state, data.files_to_delete_remote.length], ["Complete", 20]);
    assertEquals((await api.get("metadata/list")).data.files, []);
    assertEquals((await api.status(id)).last_error, null);
  }));

Deno.test("ten deletions of many files need no word", () =>
  withApi(async (api) => {
    const laptop = await api.register();
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, `${index}`]));
    await api.sync(laptop, files);
    const { diff } = await api.compare(laptop, [listed("f0", "0", 1), listed("f1", "1", 1)]);
    assertEquals([diff.state, diff.files_to_delete_remote.length], ["Complete", 10]);
  }));

Deno.test("downloads may be declined, and are not taken for held then", () =>
  withApi(async (api) => {
    await api.sync(await api.register(), { a: "1", b: "1" });
    const client = await api.register();
    const { id, diff } = await api.compare(client, [], { declined_downloads: ["/a"] });
    assertEquals([diff.files_to_download, diff.state], [["b"], "TransferringFiles"]);
    const all = await api.must("sync/diff", { session_id: id, local_snapshot: [], declined_downloads: true });
    assertEquals([all.files_to_download, all.state], [[], "Complete"]);
    assertEquals((await api.compare(client, [])).diff.files_to_delete_remote, []);
  }));

Deno.test("a download counts when its last byte leaves, or the client has it already", () =>
  withApi(async (api) => {
    await api.sync(await api.register(), { a: "12345", b: "1" });
    const { id } = await api.compare(await api.register(), []);
    const get = async (path: string, headers: Record<string, string>, method = "GET") => {
      const response = await fetch(api.downloadUrl(path, id), { method, headers });
      await response.arrayBuffer();
      return [response.status, (await api.status(id)).pending_downloads];
    };
    assertEquals(await get("a", {}, "HEAD"), [200, ["a", "b"]]);
    assertEquals(await get("a", { Range: "bytes=0-2" }), [206, ["a", "b"]]);
    assertEquals(await get("a", { Range: "bytes=3-4" }), [206, ["b"]]);
    assertEquals(await get("b", { "If-None-Match": `"${sha256(new TextEncoder().encode("1"))}"` }), [304, []]);
    assertEquals((await api.status(id)).state, "Complete");
  }));

Deno.test("an upload that is sent anew after the file changed uses no stale chunk", () =>
  withApi(async (api) => {
    const { id } = await api.compare(await api.register(), [listed("a", "onetwo")]);
    const bytes = (text: string) => new TextEncoder().encode(text);
    const send = (index: number, total: number, text: string) =>
      api.must("file/upload_chunk", chunkBody(id, "a", { index, total, bytes: bytes(text) }));
    await send(0, 2, "one");
    assertEquals(await send(1, 3, "TWO"), { received: [1], missing: [0, 2] });
    await send(0, 2, "new");
    assertEquals(await send(1, 2, "two"), { received: [0, 1], missing: [] });
    const finish = (text: string) =>
      api.post("file/upload_complete", { session_id: id, file_path: "a", expected_hash: sha256(bytes(text)) });
    const stale = await finish("onetwo");
    assertEquals([stale.status, stale.data.hash], [422, `sha256:${sha256(bytes("newtwo"))}`]);
    assertEquals((await finish("onetwo")).data.reason, "incomplete");
    await send(0, 2, "one");
    await send(1, 2, "two");
    assertEquals((await finish("onetwo")).status, 201);
    assertEquals((await finish("newtwo")).status, 409);
  }));

Deno.test("a session keeps to its space", () =>
  withApi(async (api) => {
    await fetch(`${api.url}/api/spaces/photos`, { method: "PUT" }).then((response) => response.body?.cancel());
    const client = await api.register();
    const id = await api.start(client, { space: "photos" });
    await api.must("sync/diff", { session_id: id, local_snapshot: [listed("a", "1")] });
    await api.upload(id, "a", "1");
    assertEquals((await api.get("metadata/get/a")).status, 404);
    assertEquals((await api.get("metadata/get/a?space=photos")).status, 200);
    assertEquals(await api.download("a", id), "1");
    const wrong = await api.get(`file/download/a?session_id=${id}&space=default`);
    assertEquals(wrong.status, 400);
  }));

Deno.test("a file whose folder is a file on the server is refused, by name", () =>
  withApi(async (api) => {
    await api.sync(await api.register(), { a: "1" });
    const { id } = await api.compare(await api.register(), [listed("a/b", "1"), listed("c/d/e", "1")], {
      declined_downloads: true,
    });
    await api.must("file/upload_chunk", chunkBody(id, "a/b", { bytes: new TextEncoder().encode("1") }));
    const { status, data } = await api.post("file/upload_complete", {
      session_id: id,
      file_path: "a/b",
      expected_hash: listed("", "1").hash,
    });
    assertEquals([status, data.reason], [409, "no_place"]);
    assertEquals((await api.upload(id, "c/d/e", "1")).file_path, "c/d/e");
  }));

Deno.test("permissions are kept where told, and those of the version before where not", () =>
  withApi(async (api) => {
    const client = await api.register();
    const { id } = await api.compare(client, [{ ...listed("run.sh", "1"), mode: "0755" }]);
    assertEquals((await api.upload(id, "run.sh", "1")).mode, "0755");
    const next = await api.compare(client, [listed("run.sh", "2", 1)]);
    assertEquals((await api.upload(next.id, "run.sh", "2")).mode, "0755");
  }));

Deno.test("GET status without a session lists sessions of both kinds, the one heard of last first", async () => {
  await using temp = await TempFolder.make();
  await using served = await serveSessions(temp.folder("data"));
  const { api } = served;
  assertEquals(await api.get("sync/status").then(({ data }) => data), { sessions: [] });
  const client = await api.register("phone");
  const { id } = await api.compare(client, [listed("a", "1")]);
  const told = await fetch(`${api.url}/api/spaces/default/replicas`, {
    method: "POST",
    body: JSON.stringify({
      client: "desk",
      session: { id: "run-1", direction: "pull", state: "ApplyingChanges", elapsed_ms: 5000, files_synced: 2 },
    }),
  });
  assertEquals(told.status, 204);
  const { data } = await api.get("sync/status");
  const run = data.sessions.find(({ session_id }: { session_id: string }) => session_id === "run-1");
  const { started_at, active_at, ...known } = run;
  assertEquals(known, {
    ...{ session_id: "run-1", state: "ApplyingChanges", files_synced: 2, bytes_transferred: 0, last_error: null },
    ...{ client_id: "desk", space: "default", kind: "client", direction: "pull" },
  });
  assertEquals(Date.parse(active_at) - Date.parse(started_at), 5000);
  assertEquals(await api.status("run-1"), run);
  const { pending_uploads, pending_downloads, pending_deletes, ...session } = await api.status(id);
  assertEquals([pending_uploads, pending_downloads, pending_deletes, session.kind], [["a"], [], [], "api"]);
  assertEquals(data.sessions.filter((other: unknown) => other !== run), [session]);
  const ids = async (query: string) =>
    (await api.get(`sync/status?${query}`)).data.sessions.map((one: { session_id: string }) => one.session_id);
  assertEquals(await ids("client_id=desk"), ["run-1"]);
  assertEquals(await ids(`client_id=${client}&space=default&limit=1`), [id]);
  assertEquals(await ids("space=photos"), []);
});
