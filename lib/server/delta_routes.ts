import { Semaphore } from "../core/mod.ts";
import { HttpError, type HttpRequest, type Router } from "../network/mod.ts";
import {
  decodeDeltaOrder,
  decodePieceOrder,
  deltaBasesMax,
  type DeltaOrder,
  deltaOrderBytesMax,
  deltaTargetBytesMax,
  pieceOrderBytesMax,
} from "../sync/delta/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { hashesInBody, spaceName } from "./request_values.ts";
import { SuspectRequest } from "./suspect_request.ts";

/** The most bytes that chunks told by a delta may come in: what they are made of may be as long as they are. */
const deltaBytesMax: number = deltaOrderBytesMax + 2 * deltaTargetBytesMax;
/** How many deltas are worked on at once: each takes some 30 MiB. */
const atOnceMax = 4;
const binary = { "Content-Type": "application/octet-stream" };

/**
 * Adds the way of chunks that are much like stored ones:
 *
 * - `POST /api/spaces/:space/chunks/signatures`: 32 bytes a hash; answered with the names of the chunks' pieces.
 * - `POST /api/spaces/:space/chunks/signatures/pieces`: some chunks, and which of their pieces; answered with the names of
 *   the finer ones that these are cut into.
 * - `POST /api/spaces/:space/chunks/deltas`: which chunks are made of which, and how, in pieces; answered with one bit a
 *   new chunk, the lowest of a byte first, set where it did not come out right and must be sent whole.
 * - `POST /api/spaces/:space/chunks/deltas/fetch`: which chunks are to be made of which; answered with how, in bytes.
 */
export function addDeltaRoutes(router: Router, service: SyncService): void {
  const slots = new Semaphore(atOnceMax);

  router.post("/api/spaces/:space/chunks/signatures", async (request, { space }) => {
    spaceName(space);
    const hashes = await hashesInBody(request);
    if (hashes.length > deltaBasesMax) throw new HttpError(413, `More than ${deltaBasesMax} chunks`);
    using _slot = await slots.acquire();
    return { status: 200, headers: binary, body: await service.signatures(hashes) };
  });

  router.post("/api/spaces/:space/chunks/signatures/pieces", async (request, { space }) => {
    spaceName(space);
    const order = decodePieceOrder(await request.body.bytes({ max: pieceOrderBytesMax }));
    if (!order.ok) throw new HttpError(400, order.error);
    using _slot = await slots.acquire();
    return { status: 200, headers: binary, body: await service.pieceSignatures(order.value) };
  });

  router.post("/api/spaces/:space/chunks/deltas", async (request, { space }) => {
    const from = { space: spaceName(space) };
    const { order, rest } = await orderInBody(request);
    using _slot = await slots.acquire();
    const right = await service.putDelta(order, rest, from);
    if (!right.ok) throw new SuspectRequest("bad_chunks", 422, right.error);
    const bits = new Uint8Array(Math.ceil(order.targets.length / 8));
    right.value.forEach((isRight, index) => bits[index >> 3]! |= isRight ? 0 : 1 << (index & 7));
    return { status: 200, headers: binary, body: bits };
  }, { bodyBytesMax: deltaBytesMax });

  router.post("/api/spaces/:space/chunks/deltas/fetch", async (request, { space }) => {
    spaceName(space);
    const { order } = await orderInBody(request);
    using _slot = await slots.acquire();
    return { status: 200, headers: binary, body: await service.delta(order) };
  });
}

async function orderInBody(
  request: HttpRequest,
): Promise<{ readonly order: DeltaOrder; readonly rest: Uint8Array }> {
  const read = decodeDeltaOrder(await request.body.bytes({ max: deltaBytesMax }));
  if (!read.ok) throw new HttpError(400, read.error);
  return read.value;
}
