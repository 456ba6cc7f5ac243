import { assertEquals } from "@std/assert";
import { at } from "../../store/fixtures.ts";
import { begin, change, known, pathOf, piece, type SessionCase } from "../fixtures.ts";
import type { SessionStore } from "../../../../lib/metadata/sessions/mod.ts";

async function beginUpload(store: SessionStore): Promise<void> {
  await begin(store, "s");
  await change(store, "s", { plan: ["a", "b"].map((path) => pathOf("upload", path)) });
}

async function receivedOf(store: SessionStore, path: string): Promise<number[] | undefined> {
  return (await store.upload("s", at(path)))?.pieces.map(({ index }) => index);
}

/** Pieces of files on their way. */
export const uploadCases: readonly SessionCase[] = [
  ["putPiece() takes pieces in any order and gives them in theirs", async (store) => {
    await beginUpload(store);
    assertEquals(await store.upload("s", at("a")), undefined);
    for (const [index, received] of [[2, [2]], [0, [0, 2]], [1, [0, 1, 2]]] as const) {
      assertEquals(await store.putPiece("s", piece("a", index)), { received, added: true });
    }
    const upload = await store.upload("s", at("a"));
    assertEquals(upload?.total, 3);
    const expected = [0, 1, 2].map((index) => piece("a", index).chunks.bytes);
    assertEquals(upload?.pieces.map(({ chunks }) => chunks.bytes), expected);
    assertEquals(await receivedOf(store, "b"), undefined);
  }],
  ["putPiece() counts the bytes of new pieces only, and keeps the session alive", async (store) => {
    await beginUpload(store);
    await store.putPiece("s", piece("a", 0, { text: "12345" }));
    assertEquals(await store.putPiece("s", piece("a", 0, { text: "12345", atMs: 500 })), {
      received: [0],
      added: false,
    });
    const { bytesTransferred, activeAtMs, tick } = await known(store, "s");
    assertEquals([bytesTransferred, activeAtMs, tick], [5, 500, 1]);
  }],
  ["putPiece() replaces a piece by another under the same number, and keeps empty ones", async (store) => {
    await beginUpload(store);
    await store.putPiece("s", piece("a", 0, { text: "before" }));
    assertEquals((await store.putPiece("s", piece("a", 0, { text: "after" })))?.added, true);
    const after = piece("a", 0, { text: "after" }).chunks.bytes;
    assertEquals((await store.upload("s", at("a")))?.pieces.map(({ chunks }) => chunks.bytes), [after]);
    await store.putPiece("s", piece("b", 0, { text: "", total: 1 }));
    assertEquals((await store.upload("s", at("b")))?.pieces.map(({ chunks }) => chunks.size), [0]);
  }],
  ["putPiece() begins an upload anew if it is to have another number of pieces", async (store) => {
    await beginUpload(store);
    for (const index of [0, 1, 2]) await store.putPiece("s", piece("a", index));
    assertEquals(await store.putPiece("s", piece("a", 1, { total: 2 })), { received: [1], added: true });
    assertEquals(await receivedOf(store, "a"), [1]);
  }],
  ["putPiece() keeps no more pieces than the session may have", async (store) => {
    await beginUpload(store);
    const put = async (path: string, index: number, total = 3) =>
      (await store.putPiece("s", piece(path, index, { piecesMax: 3, total })))?.received;
    assertEquals([await put("a", 0), await put("a", 1), await put("b", 0)], [[0], [0, 1], [0]]);
    assertEquals([await put("b", 1), await put("a", 1)], [undefined, [0, 1]]);
    await store.dropPieces("s", at("a"), [0]);
    assertEquals(await put("b", 1), [0, 1]);
    assertEquals(await put("a", 2), undefined);
    await store.dropPieces("s", at("b"));
    assertEquals([await put("a", 2), await put("a", 0)], [[1, 2], [0, 1, 2]]);
    assertEquals(await put("b", 0), undefined);
    await change(store, "s", { settled: [pathOf("upload", "a", { done: true })] });
    assertEquals(await put("b", 0), [0]);
  }],
  ["dropPieces() forgets some pieces, or the upload", async (store) => {
    await beginUpload(store);
    for (const index of [0, 1, 2]) await store.putPiece("s", piece("a", index));
    await store.dropPieces("s", at("a"), [0, 2, 7]);
    assertEquals(await receivedOf(store, "a"), [1]);
    await store.dropPieces("s", at("a"));
    assertEquals(await receivedOf(store, "a"), undefined);
  }],
  ["putPiece() takes nothing for a session that there is not", async (store) => {
    assertEquals(await store.putPiece("nothing", piece("a", 0)), undefined);
  }],
];
