import { decodePieces } from "./content_codings.ts";
import { listMembers } from "./grammar.ts";
import { HttpError } from "./http_error.ts";
import type { BodyReadOptions, HttpRequest } from "./types.ts";

/**
 * The content of a request without its content coding (RFC 9110 section 8.4): zstd, gzip, or none.
 *
 * @param options `max`: most bytes after decoding, so that a small body cannot grow without bound: 413 past it.
 * @returns Pieces, each valid until the next step. Throws an `HttpError`: 415 with `Accept-Encoding` for a coding that is
 * unknown or combined (section 15.5.16), 400 if the content is not what its coding says.
 */
export async function* decodeContent(request: HttpRequest, options: BodyReadOptions): AsyncGenerator<Uint8Array> {
  const codings = listMembers(request.headers.get("content-encoding") ?? "").filter((name) => name !== "identity");
  const coding = codings[0];
  const pieces = coding === undefined ? request.body : decodePieces(coding, request.body);
  if (pieces === undefined || codings.length > 1) {
    throw new HttpError(415, "The content coding is unknown", { headers: { "Accept-Encoding": "zstd, gzip" } });
  }
  let length = 0;
  try {
    for await (const piece of pieces) {
      length += piece.length;
      if (length > options.max) throw new HttpError(413, `The body is larger than ${options.max} bytes when decoded`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, `The body is not valid ${coding ?? "content"}`, { cause: error });
  }
}

/** All of the content of a request without its content coding, in memory of its own; see {@linkcode decodeContent}. */
export async function decodedBytes(request: HttpRequest, options: BodyReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.headers.has("content-encoding")) return await request.body.bytes(options);
  const pieces: Uint8Array[] = [];
  for await (const piece of decodeContent(request, options)) pieces.push(piece.slice());
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
