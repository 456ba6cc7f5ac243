import { Failure, type Hash } from "../core/mod.ts";
import { HttpError, json, type Router } from "../network/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { hashesInBody, spaceName } from "./request_values.ts";
import { SuspectRequest } from "./suspect_request.ts";

/** The most bytes of frames one request may bring. */
const framesBytesMax: number = 64 * 1024 * 1024;
const binary = { "Content-Type": "application/octet-stream" };

/**
 * Adds the bulk path of contents:
 *
 * - `POST /api/spaces/:space/chunks/lacking`: 32 bytes a hash; answered with one bit a hash, the lowest of a byte first,
 *   set where the chunk is not stored.
 * - `POST /api/spaces/:space/chunks`: frames; answered with how many chunks came and how many were new.
 * - `POST /api/spaces/:space/chunks/fetch`: 32 bytes a hash; answered with frames that hold these chunks in this order. If
 *   the first of these cannot be read, the problem's `chunks` are the names of all that cannot; behind the first, the
 *   connection breaks, and who asks again for the rest is told so.
 */
export function addChunkRoutes(router: Router, service: SyncService): void {
  router.post("/api/spaces/:space/chunks/lacking", async (request, { space }) => {
    spaceName(space);
    const hashes = await hashesInBody(request);
    return { status: 200, headers: binary, body: bitsOf(hashes, new Set(await service.lacking(hashes))) };
  });

  router.post("/api/spaces/:space/chunks", async (request, { space }) => {
    const receipt = await service.putFrames(request.body, { space: spaceName(space) });
    if (receipt.ok) return json(receipt.value);
    const { code, message } = receipt.error;
    // A body that ends early is a connection that broke; the others are made so.
    throw code === "truncated" ? new HttpError(422, message) : new SuspectRequest("bad_chunks", 422, message);
  }, { bodyBytesMax: framesBytesMax });

  router.post("/api/spaces/:space/chunks/fetch", async (request, { space }) => {
    spaceName(space);
    const hashes = await hashesInBody(request);
    try {
      return { status: 200, headers: binary, body: await begun(service.frames(hashes)) };
    } catch (cause) {
      throw await explainUnreadable(cause, hashes, service);
    }
  });
}

/** What a source gives, as soon as it gave something; throws what it throws instead. */
async function begun<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  let first: IteratorResult<T> | undefined = await iterator.next();
  const next = (): Promise<IteratorResult<T>> => {
    if (first === undefined) return iterator.next();
    const given = Promise.resolve(first);
    first = undefined;
    return given;
  };
  const end = async (): Promise<IteratorResult<T>> => await iterator.return?.() ?? { done: true, value: undefined };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

/** Tells which of the chunks that were asked for cannot be read, if that is why they were not given. */
async function explainUnreadable(cause: unknown, hashes: readonly Hash[], service: SyncService): Promise<unknown> {
  if (!(cause instanceof Failure) || (cause.kind !== "corrupt" && cause.kind !== "not_found")) return cause;
  const { message, hint } = cause;
  const extensions = { chunks: await service.unreadable(hashes), ...(hint === undefined ? {} : { hint }) };
  return new HttpError(cause.kind === "corrupt" ? 500 : 404, message, { extensions, cause });
}

function bitsOf(hashes: readonly Hash[], set: ReadonlySet<Hash>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(hashes.length / 8));
  hashes.forEach((hash, index) => {
    if (set.has(hash)) bits[index >> 3]! |= 1 << (index & 7);
  });
  return bits;
}
