import type { Buffer } from "node:buffer";
import type { Transform } from "node:stream";
import { nodeZlib } from "../core/mod.ts";

/** Names of the content codings (RFC 9110 section 8.4.1, RFC 7932, RFC 8878) that are sent, the preferred one first. */
export const codingNames = ["zstd", "br", "gzip"] as const;
/** Name of a content coding that is sent. */
export type CodingName = typeof codingNames[number];

/** Levels that cost little time: what is sent once is not worth more. */
const brotliOptions = () => ({ params: { [nodeZlib().constants.BROTLI_PARAM_QUALITY]: 4 } });
const zstdOptions = () => ({ params: { [nodeZlib().constants.ZSTD_c_compressionLevel]: 3 } });

const encoders: Readonly<Record<CodingName, (bytes: Uint8Array, done: Encoded) => void>> = {
  zstd: (bytes, done) => nodeZlib().zstdCompress(bytes, zstdOptions(), done),
  br: (bytes, done) => nodeZlib().brotliCompress(bytes, brotliOptions(), done),
  gzip: (bytes, done) => nodeZlib().gzip(bytes, done),
};

/** How zlib tells the outcome. */
type Encoded = (error: Error | null, bytes: Buffer) => void;

const encoderStreams: Readonly<Record<CodingName, () => Transform>> = {
  zstd: () => nodeZlib().createZstdCompress(zstdOptions()),
  br: () => nodeZlib().createBrotliCompress(brotliOptions()),
  gzip: () => nodeZlib().createGzip(),
};

const decoderStreams: Readonly<Record<string, () => Transform>> = {
  zstd: () => nodeZlib().createZstdDecompress(),
  gzip: () => nodeZlib().createGunzip(),
  "x-gzip": () => nodeZlib().createGunzip(),
};

/** Encodes bytes. */
export function encodeBytes(coding: CodingName, bytes: Uint8Array): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  encoders[coding](bytes, (error, encoded) => error === null ? resolve(encoded) : reject(error));
  return promise;
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
