import { ByteWriter, crc32, err, ok, type Result, zstdCompress, zstdDecompress } from "../core/mod.ts";
import { HeadNumbers } from "./head_numbers.ts";

/**
 * A frame is how chunks travel and how they lie on disk: some chunks one behind the other, packed together, so that
 * many small files compress as one. It carries no names, since a chunk's name is its hash and whoever takes it in
 * computes that anyway.
 *
 * ```
 * frame   = magic codec count length{count} stored check payload
 * magic   = "dfs1"                       4 bytes
 * codec   = 0 (as it is) | 1 (zstd)      1 byte
 * count   = number of chunks             varint, 1..4096
 * length  = length of each chunk         varint, 1..262144; together at most 2 MiB
 * stored  = length of the payload        varint; of codec 0 that of the chunks, of codec 1 no more
 * check   = CRC-32 of all other bytes    4 bytes, little-endian
 * ```
 *
 * The check covers the head too: a frame that is handed on without being unpacked is known to be whole.
 */
export const frameMagic = 0x31736664;

/** The longest chunk in bytes; the chunker cuts no longer one. */
export const chunkBytesMax: number = 256 * 1024;
/** How many bytes of chunks a frame holds at most. */
export const frameRawBytesMax: number = 2 * 1024 * 1024;
/** How many bytes of chunks the maker of a frame aims for: what is read to get one chunk back. */
export const frameRawBytesTarget: number = 1024 * 1024;
/** How many chunks a frame holds at most. */
export const frameChunksMax = 4096;
/** The longest head of a frame in bytes: magic, codec, count, a length a chunk, length of the payload, check. */
export const frameHeadBytesMax: number = 4 + 1 + 2 + frameChunksMax * 3 + 4 + 4;
/** The shortest frame in bytes: one chunk of one byte. */
export const frameBytesMin: number = 4 + 1 + 1 + 1 + 1 + 4 + 1;
/** The longest frame in bytes; a payload is never longer than its chunks. */
export const frameBytesMax: number = frameHeadBytesMax + frameRawBytesMax;

if (frameRawBytesTarget + chunkBytesMax > frameRawBytesMax || frameChunksMax >= 2 ** 14 || chunkBytesMax >= 2 ** 21) {
  throw new RangeError("The limits of a frame contradict each other");
}

const codecs = { raw: 0, zstd: 1 } as const;

/** From a piece of this many bytes it is judged whether the rest is worth compressing. */
const probeBytes = 16 * 1024;
/** Worth it if the piece shrinks to this share or less. */
const probeShareMax = 0.94;

/** What is wrong with a frame. */
export interface FrameError {
  /** `truncated`: more bytes are needed; `malformed`: this is no frame; `corrupt`: it was one, and was altered. */
  readonly code: "truncated" | "malformed" | "corrupt";
  /** A sentence that says where and what. */
  readonly message: string;
  /** Of a truncated head: at least so many more bytes are needed to read on. */
  readonly missingBytes?: number;
}

/** The head of a frame. */
export interface FrameHead {
  /** How the payload is packed: 0 as it is, 1 by zstd. */
  readonly codec: number;
  /** The length of each chunk in bytes. */
  readonly lengths: readonly number[];
  /** Bytes of all chunks, unpacked. */
  readonly rawBytes: number;
  /** Where the payload begins, counted from the start of the frame. */
  readonly payloadOffset: number;
  /** Bytes of the payload. */
  readonly payloadBytes: number;
  /** CRC-32 of all bytes of the frame but these four. */
  readonly check: number;
}

/** Where a frame ends, counted from its start. */
export function frameEnd(head: FrameHead): number {
  return head.payloadOffset + head.payloadBytes;
}

/**
 * Packs chunks into a frame, in one piece.
 *
 * @param raw The chunks' bytes, one behind the other.
 * @param lengths The length of each; together the length of `raw`.
 * @returns The frame, in memory of its own.
 */
export function encodeFrame(raw: Uint8Array, lengths: readonly number[]): Uint8Array<ArrayBuffer> {
  const [head, payload] = encodeFrameParts(raw, lengths);
  const frame = new Uint8Array(head.length + payload.length);
  frame.set(head);
  frame.set(payload, head.length);
  return frame;
}

/** A frame in two pieces: its head, and its payload. */
export type FrameParts = readonly [head: Uint8Array<ArrayBuffer>, payload: Uint8Array];

/**
 * Packs chunks into a frame, in two pieces: its head, and its payload, which is `raw` itself if that does not compress.
 * Saves copying what is only to be written somewhere.
 */
export function encodeFrameParts(raw: Uint8Array, lengths: readonly number[]): FrameParts {
  if (!isWorthCompressing(raw)) return storeFrameParts(raw, lengths);
  // Deno's asynchronous form does the same work on the same thread.
  const packed = zstdCompress(raw);
  return packed.length < raw.length ? joinParts(codecs.zstd, packed, lengths) : storeFrameParts(raw, lengths);
}

/** Makes a frame of chunks as they are, in two pieces: its head, and `raw` itself. */
export function storeFrameParts(raw: Uint8Array, lengths: readonly number[]): FrameParts {
  return joinParts(codecs.raw, raw, lengths);
}

function joinParts(codec: number, payload: Uint8Array, lengths: readonly number[]): FrameParts {
  const writer = new ByteWriter(frameBytesMin + lengths.length * 3 + 8);
  writer.uint32(frameMagic);
  writer.byte(codec);
  writer.varint(lengths.length);
  for (const length of lengths) writer.varint(length);
  writer.varint(payload.length);
  writer.uint32(crc32(payload, crc32(writer.view())));
  return [writer.view(), payload];
}

/** Compresses a piece from the middle to see whether the whole is worth it: media and archives are not. */
export function isWorthCompressing(raw: Uint8Array): boolean {
  if (raw.length <= probeBytes) return true;
  const start = (raw.length - probeBytes) >> 1;
  return zstdCompress(raw.subarray(start, start + probeBytes)).length <= probeBytes * probeShareMax;
}

/**
 * Reads the head of a frame, which tells where the frame ends.
 *
 * @param bytes Bytes that begin with a frame; its payload may be missing.
 * @returns The head; `truncated` if more bytes are needed to tell; `malformed` if this is no frame.
 */
export function readFrameHead(bytes: Uint8Array): Result<FrameHead, FrameError> {
  if (bytes.length < frameBytesMin) return truncated(frameBytesMin - bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== frameMagic) return malformed("No frame begins here");
  const codec = view.getUint8(codecOffset);
  if (codec > codecs.zstd) return malformed(`Unknown codec ${codec}; a newer dfs may have made this frame`);
  const numbers = new HeadNumbers(bytes, codecOffset + 1);
  const count = numbers.next();
  if (count === undefined) return unreadNumber(numbers, 2);
  if (count < 1 || count > frameChunksMax) return malformed(`${count} chunks in a frame`);
  const lengths = new Array<number>(count);
  let rawBytes = 0;
  for (let i = 0; i < count; i++) {
    const length = numbers.next();
    if (length === undefined) return unreadNumber(numbers, count - i + 1);
    if (length < 1 || length > chunkBytesMax) return malformed(`A chunk of ${length} bytes`);
    rawBytes += length;
    lengths[i] = length;
  }
  if (rawBytes > frameRawBytesMax) return malformed(`${rawBytes} bytes in a frame`);
  const payloadBytes = numbers.next();
  if (payloadBytes === undefined) return unreadNumber(numbers, 1);
  if (payloadBytes < 1 || payloadBytes > rawBytes || (codec === codecs.raw && payloadBytes !== rawBytes)) {
    return malformed(`A payload of ${payloadBytes} bytes for ${rawBytes} bytes of chunks`);
  }
  const payloadOffset = numbers.offset + checkBytes;
  if (payloadOffset > bytes.length) return truncated(payloadOffset - bytes.length);
  const check = view.getUint32(numbers.offset, true);
  return ok({ codec, lengths, rawBytes, payloadOffset, payloadBytes, check });
}

/** Why a number of a head could not be read, when `numbersLeft` were to come, this one included. */
function unreadNumber(numbers: HeadNumbers, numbersLeft: number): Result<never, FrameError> {
  return numbers.unsound
    ? malformed(`A number is longer than needed or allowed at byte ${numbers.offset}`)
    : truncated(numbersLeft + checkBytes);
}

/** Where the codec stands: behind the magic. */
const codecOffset = 4;
/** Bytes of the CRC-32 at the end of a head. */
const checkBytes = 4;

/**
 * Compares a frame with its checksum: it came as it was made, though perhaps by somebody who lies about its content.
 *
 * @param frame The whole frame; bytes after it are ignored.
 * @param head Its head, by {@linkcode readFrameHead}.
 * @returns The payload, a view into `frame`.
 */
export function checkFrame<Memory extends ArrayBufferLike>(
  frame: Uint8Array<Memory>,
  head: FrameHead,
): Result<Uint8Array<Memory>, FrameError> {
  const end = frameEnd(head);
  if (frame.length < end) return truncated(end - frame.length);
  const payload = frame.subarray(head.payloadOffset, end);
  const headCheck = crc32(frame.subarray(0, head.payloadOffset - checkBytes));
  if (crc32(payload, headCheck) === head.check) return ok(payload);
  return err({ code: "corrupt", message: "The checksum of a frame does not match its bytes" });
}

/**
 * Unpacks a frame: checks it, then gives the chunks' bytes one behind the other.
 *
 * @param frame The whole frame; bytes after it are ignored.
 * @param head Its head, by {@linkcode readFrameHead}.
 * @returns The bytes, `head.rawBytes` of them; a view into `frame` if it is not compressed.
 */
export function unpackFrame<Memory extends ArrayBufferLike>(
  frame: Uint8Array<Memory>,
  head: FrameHead,
): Result<Uint8Array<Memory | ArrayBuffer>, FrameError> {
  const payload = checkFrame(frame, head);
  if (!payload.ok || head.codec === codecs.raw) return payload;
  try {
    const raw = zstdDecompress(payload.value, { bytesMax: head.rawBytes, windowLogMax });
    if (raw.length === head.rawBytes) return ok(plainBytes(raw));
    return malformed(`${raw.length} bytes came out of a frame that announced ${head.rawBytes}`);
  } catch (cause) {
    return malformed(`A frame does not unpack: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** No frame needs a larger window than its chunks. */
const windowLogMax = Math.log2(frameRawBytesMax);

/** The same bytes, but no Buffer: the slice() of a Buffer is a view, where that of a Uint8Array is a copy. */
function plainBytes({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError("zlib gave memory that is shared");
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function truncated(missingBytes: number): Result<never, FrameError> {
  return err({ code: "truncated", message: "A frame ends early", missingBytes });
}

function malformed(message: string): Result<never, FrameError> {
  return err({ code: "malformed", message });
}
