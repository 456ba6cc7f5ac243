import { assert, assertEquals } from "@std/assert";
import { sha256 } from "../../lib/core/mod.ts";
import { serverNames } from "../../lib/network/mod.ts";
import { chunkBody, listed, serveSessions, SessionApi } from "../server/session_api.ts";
import { fromSource } from "../support/program.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { Replica } from "../support/replica.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { revisionOf } from "../support/test_server.ts";

const pieceBytes = 100_000;
const pieces = 9;

/** A content, the same each time. */
function content(): Uint8Array<ArrayBuffer> {
  const random = new SeededRandom(7);
  return Uint8Array.from({ length: pieces * pieceBytes - 12_345 }, () => random.below(256));
}

function sendPiece(api: SessionApi, id: string, bytes: Uint8Array, index: number): Promise<{ received: number[] }> {
  const part = bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes);
  return api.must("file/upload_chunk", chunkBody(id, "big.bin", { index, total: pieces, bytes: part }));
}

for (const args of [[], ["--server", "pool", "--workers", "2"]]) {
  Deno.test(`a session goes on after its server was killed in the middle of an upload: dfs serve ${args.join(" ")}`, async () => {
    await using temp = await TempFolder.make();
    const bytes = content();
    const finish = { file_path: "big.bin", expected_hash: `sha256:${sha256(bytes)}` };
    let id: string;
    {
      await using server = await fromSource.serve(`${temp.path}/data`, args);
      const api = new SessionApi(server.url);
      ({ id } = await api.compare(await api.register(), [listed("big.bin", bytes), listed("small", "1")]));
      for (const index of [7, 0, 3, 8]) await sendPiece(api, id, bytes, index);
      const lost = sendPiece(api, id, bytes, 5).catch(() => undefined);
      await server.end("SIGKILL");
      await lost;
    }
    {
      await using server = await fromSource.serve(`${temp.path}/data`, args);
      const api = new SessionApi(server.url);
      const { state, pending_uploads } = await api.status(id);
      assertEquals([state, pending_uploads], ["TransferringFiles", ["big.bin", "small"]]);
      const { data } = await api.post("file/upload_complete", { session_id: id, ...finish });
      assert([7, 0, 3, 8].every((index) => !data.missing.includes(index)), JSON.stringify(data));
      for (const index of data.missing) await sendPiece(api, id, bytes, index);
      const lost = api.post("file/upload_complete", { session_id: id, ...finish }).catch(() => undefined);
      await server.end("SIGKILL");
      await lost;
    }
    await using server = await fromSource.serve(`${temp.path}/data`, args);
    const api = new SessionApi(server.url);
    const file = await api.must("file/upload_complete", { session_id: id, ...finish });
    assertEquals([file.file_path, file.version, file.hash], ["big.bin", 1, finish.expected_hash]);
    await api.upload(id, "small", "1");
    const { state, files_synced, bytes_transferred } = await api.status(id);
    assertEquals([state, files_synced, bytes_transferred], ["Complete", 2, bytes.length + 1]);
    const response = await fetch(api.downloadUrl("big.bin"));
    assertEquals(new Uint8Array(await response.arrayBuffer()), bytes);
  });
}

Deno.test("what a script uploads is to dfs as if it had pushed it, and the other way round", async () => {
  await using temp = await TempFolder.make();
  await using served = await serveSessions(temp.folder("data"));
  const { api } = served;
  const bytes = content();
  const client = await api.register();
  const { id } = await api.compare(client, [{
    ...listed("docs/big.bin", bytes),
    modified_time: "2026-01-02T03:04:05Z",
  }]);
  for (let index = 0; index < pieces; index++) {
    const part = bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes);
    await api.must("file/upload_chunk", chunkBody(id, "docs/big.bin", { index, total: pieces, bytes: part }));
  }
  const finish = { session_id: id, file_path: "docs/big.bin", expected_hash: sha256(bytes) };
  await api.must("file/upload_complete", finish);
  await using replica = await Replica.make(api.url);
  assert((await replica.pull()).synchronized);
  assertEquals(Deno.readFileSync(replica.at("docs/big.bin")), bytes);
  const revision = await revisionOf(api.url);
  replica.forget();
  assert((await replica.push()).synchronized);
  assertEquals(await revisionOf(api.url), revision, "The same content has another name");
  replica.write({ "pushed.txt": "by dfs" });
  await replica.push();
  const { diff } = await api.compare(client, [listed("docs/big.bin", bytes, 1)]);
  assertEquals([diff.files_to_download, diff.files_to_upload, diff.conflicts], [["pushed.txt"], [], []]);
  const { data: { sessions } } = await api.get("sync/status");
  assertEquals(sessions.map((one: Record<string, unknown>) => [one["kind"], one["state"], one["direction"]]), [
    ["api", "TransferringFiles", undefined],
    ["client", "Complete", "push"],
    ["client", "Complete", "pull"],
    ["api", "Complete", undefined],
  ]);
});

for (const server of serverNames) {
  Deno.test(`the ${server} server takes the pieces of one session over many connections at once`, async () => {
    await using temp = await TempFolder.make();
    await using served = await serveSessions(temp.folder("data"), { server, workers: 3 });
    const { api } = served;
    const bytes = content();
    const texts = Array.from({ length: 12 }, (_, index) => `file ${index}`);
    const files = [listed("big.bin", bytes), ...texts.map((text) => listed(text, text))];
    const { id } = await api.compare(await api.register(), files);
    // Each piece twice, in another order: every worker gets some of them.
    const order = [4, 1, 8, 0, 7, 2, 6, 3, 5, 5, 0, 8, 3, 1, 6, 4, 2, 7];
    const answers = await Promise.all([
      ...order.map((index) => sendPiece(api, id, bytes, index)),
      ...texts.map((text) => api.upload(id, text, text)),
    ]);
    assertEquals(answers.length, order.length + texts.length);
    const last = await sendPiece(api, id, bytes, 0);
    assertEquals(last.received, Array.from({ length: pieces }, (_, index) => index));
    const finish = { session_id: id, file_path: "big.bin", expected_hash: sha256(bytes) };
    const finished = await Promise.all([1, 2, 3].map(() => api.must("file/upload_complete", finish)));
    assertEquals(new Set(finished.map(({ version }) => version)), new Set([1]));
    const { state, files_synced, bytes_transferred } = await api.status(id);
    const sent = texts.reduce((sum, text) => sum + text.length, bytes.length);
    assertEquals([state, files_synced, bytes_transferred], ["Complete", 13, sent]);
    assertEquals((await api.get("metadata/list")).data.files.length, 13);
  });
}
