import { assertEquals } from "@std/assert";
import { hashToBytes, sha256 } from "../../lib/core/mod.ts";
import { createServer, Router } from "../../lib/network/mod.ts";
import { addDeltaRoutes } from "../../lib/server/delta_routes.ts";
import {
  coarse,
  cutPieces,
  decodeDelta,
  decodeSignatures,
  deltaBasesMax,
  encodeDelta,
  encodeDeltaOrder,
  encodePieceOrder,
  fine,
  finePiecesMax,
} from "../../lib/sync/delta/mod.ts";
import { concat, frameOf, prose } from "../storage/fixtures.ts";
import { piecesOf, ServiceFixture } from "../support/service_fixture.ts";

const chunk = prose(20_000, 1);
const hash = sha256(chunk);
const fresh = sha256(concat([chunk, chunk]));

/** A server that has these routes and nothing else, and stores one chunk. */
async function serve() {
  const { service, chunks } = await ServiceFixture.make();
  await service.putFrames(piecesOf([frameOf([chunk])]));
  const router = new Router();
  addDeltaRoutes(router, service);
  const server = createServer("async", { handler: router.handler });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  const post = async (path: string, body: Uint8Array<ArrayBuffer>, space = "default") => {
    const init = { method: "POST", body };
    const response = await fetch(`http://127.0.0.1:${port}/api/spaces/${space}/chunks/${path}`, init);
    return { status: response.status, bytes: await response.bytes() };
  };
  return { chunks, post, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

Deno.test("POST chunks/signatures tells the coarse pieces of chunks, and POST .../pieces the fine ones of these", async () => {
  await using server = await serve();
  const pieces = cutPieces(chunk, coarse);
  const coarsely = decodeSignatures((await server.post("signatures", hashToBytes(hash))).bytes, 1);
  assertEquals(coarsely.ok && [...coarsely.value[0]!], [...pieces.names]);
  const { bytes } = await server.post("signatures/pieces", encodePieceOrder({ bases: [hash], pieces: [0] }));
  const finely = decodeSignatures(bytes, 1);
  assertEquals(finely.ok && [...finely.value[0]!], [...cutPieces(chunk.subarray(0, pieces.ends[0]), fine).names]);
});

Deno.test("POST chunks/deltas stores what it makes, and tells what did not come out right", async () => {
  await using server = await serve();
  const { ends } = cutPieces(chunk, coarse);
  const units = ends.length * finePiecesMax;
  const twice = { length: 40_000, steps: [{ from: 0, count: units }, { from: 0, count: units }] };
  const moved = [{ from: finePiecesMax, count: units - finePiecesMax }, { from: 0, count: finePiecesMax }];
  const order = encodeDeltaOrder({ bases: [hash], targets: [fresh, hash, fresh] });
  const delta = encodeDelta([twice, { length: 20_000, steps: moved }, twice]);
  assertEquals(await server.post("deltas", concat([order, delta])), { status: 200, bytes: Uint8Array.of(0b010) });
  assertEquals(await server.chunks.get(fresh), concat([chunk, chunk]));
});

Deno.test("POST chunks/deltas/fetch tells how to make chunks of others", async () => {
  await using server = await serve();
  const { bytes } = await server.post("deltas/fetch", encodeDeltaOrder({ bases: [hash], targets: [hash, fresh] }));
  const made = decodeDelta(bytes, { targets: 2, units: (from, count) => chunk.subarray(from, from + count) });
  assertEquals(made, { ok: true, value: [chunk, undefined] });
});

const refused: Readonly<Record<string, { path: string; body: Uint8Array<ArrayBuffer>; status: number }>> = {
  "half a hash": { path: "signatures", body: new Uint8Array(16), status: 400 },
  "too many hashes": { path: "signatures", body: new Uint8Array(32 * (deltaBasesMax + 1)), status: 413 },
  "no question about pieces": { path: "signatures/pieces", body: new Uint8Array([9]), status: 400 },
  "no order": { path: "deltas", body: new Uint8Array([9]), status: 400 },
  "no order to fetch": { path: "deltas/fetch", body: new Uint8Array([9]), status: 400 },
  "an order without its delta": {
    path: "deltas",
    body: encodeDeltaOrder({ bases: [hash], targets: [fresh] }),
    status: 422,
  },
};

for (const [name, { path, body, status }] of Object.entries(refused)) {
  Deno.test(`POST chunks/${path} of ${name} is refused with ${status}`, async () => {
    await using server = await serve();
    assertEquals((await server.post(path, body)).status, status);
    assertEquals((await server.post(path, body, "no..such%20name")).status, 400);
  });
}
