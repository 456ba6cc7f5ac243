import type { Buffer } from "node:buffer";
import type { Transform } from "node:stream";
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGunzip,
  createGzip,
  createZstdCompress,
  createZstdDecompress,
  gzip,
  zstdCompress,
} from "node:zlib";
import { promisify } from "node:util";

/** Names of the content codings (RFC 9110 section 8.4.1, RFC 7932, RFC 8878) that are sent, the preferred one first. */
export const codingNames = ["zstd", "br", "gzip"] as const;
/** Name of a content coding that is sent. */
export type CodingName = typeof codingNames[number];

/** Levels that cost little time: what is sent once is not worth more. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

const encoders: Readonly<Record<CodingName, (bytes: Uint8Array) => Promise<Buffer>>> = {
  zstd: (bytes) => promisify(zstdCompress)(bytes, zstdOptions),
  br: (bytes) => promisify(brotliCompress)(bytes, brotliOptions),
  gzip: (bytes) => promisify(gzip)(bytes),
};

const encoderStreams: Readonly<Record<CodingName, () => Transform>> = {
  zstd: () => createZstdCompress(zstdOptions),
  br: () => createBrotliCompress(brotliOptions),
  gzip: () => createGzip(),
};

const decoderStreams: Readonly<Record<string, () => Transform>> = {
  zstd: () => createZstdDecompress(),
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
};

/** Encodes bytes. */
export function encodeBytes(coding: CodingName, bytes: Uint8Array): Promise<Uint8Array> {
  return encoders[coding](bytes);
}

/** Encodes pieces as they come; ends when they end. */
export function encodePieces(coding: CodingName, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return throughStream(encoderStreams[coding](), pieces);
}

/** Decodes pieces as they come; `undefined` if the coding is unknown. Throws what the decoder throws. */
export function decodePieces(
  coding: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> | undefined {
  const stream = decoderStreams[coding]?.();
  return stream && throughStream(stream, pieces);
}

/** Runs pieces through a stream of the platform, with back-pressure and errors both ways. */
async function* throughStream(stream: Transform, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  let wake = () => {};
  let ended = false;
  let failure: unknown;
  const end = (error?: unknown) => {
    failure ??= error;
    ended = true;
    wake();
  };
  stream.on("readable", () => wake()).on("end", () => end()).on("error", end);
  feed(stream, source).catch(end);
  try {
    while (true) {
      const piece: Uint8Array | null = failure === undefined ? stream.read() : null;
      if (piece !== null) yield piece;
      else if (failure !== undefined) throw failure;
      else if (ended) return;
      else await new Promise<void>((resolve) => wake = resolve);
    }
  } finally {
    stream.destroy();
    void source.return?.();
  }
}

async function feed(stream: Transform, source: AsyncIterator<Uint8Array>): Promise<void> {
  for (let step = await source.next(); !step.done; step = await source.next()) {
    const piece = step.value;
    // A piece is only valid until the next one: wait until the stream has taken it.
    await new Promise<void>((resolve, reject) => stream.write(piece, (error) => error ? reject(error) : resolve()));
  }
  stream.end();
}
