import type { Hash } from "../core/mod.ts";
import { frameBytesMax, frameBytesMin, frameEnd, frameMagic, readFrameHead } from "./frame.ts";
import { nameChunks } from "./named_frame.ts";
import { type PackFile, readAt } from "./pack_file.ts";
import { UnpackedFrame } from "./unpacked_frame.ts";

/** How much of a pack is read at once, in bytes. */
const windowBytes: number = 2 * frameBytesMax;

/** A whole frame that was found in a pack. */
export interface ScannedFrame {
  readonly start: number;
  readonly length: number;
  readonly hashes: readonly Hash[];
  readonly chunkLengths: readonly number[];
}

/**
 * Finds all whole frames of a pack from an offset on. Bytes between them that are no frame are passed over, since
 * damage in the middle must not cost what lies behind it.
 *
 * @param file The pack.
 * @param from Where to begin.
 */
export async function* scanPack(file: PackFile, from: number): AsyncGenerator<ScannedFrame, void> {
  const window = new Window(file);
  for (let at = from;;) {
    const bytes = await window.at(at);
    if (bytes.length < frameBytesMin) return;
    const frame = await frameAt(bytes, at);
    if (frame !== undefined) {
      yield frame;
      at += frame.length;
      continue;
    }
    const next = indexOfMagic(bytes, 1);
    at += next >= 0 ? next : bytes.length - (magicBytes.length - 1);
  }
}

const magicBytes: readonly number[] = [0, 8, 16, 24].map((shift) => (frameMagic >> shift) & 0xff);

/** The frame at the start of `bytes`, if there is a whole and sound one. */
async function frameAt(bytes: Uint8Array<ArrayBuffer>, start: number): Promise<ScannedFrame | undefined> {
  const head = readFrameHead(bytes);
  if (!head.ok) return undefined;
  const unpacked = UnpackedFrame.from(bytes, head.value);
  if (!unpacked.ok) return undefined;
  const hashes = await nameChunks(unpacked.value);
  return { start, length: frameEnd(head.value), hashes, chunkLengths: unpacked.value.lengths };
}

function indexOfMagic(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(magicBytes[0]!, from); at >= 0; at = bytes.indexOf(magicBytes[0]!, at + 1)) {
    if (magicBytes.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** A part of a file in memory which moves along with the reader. */
class Window {
  readonly #file: PackFile;
  readonly #buffer = new Uint8Array(windowBytes);
  #start = 0;
  #length = 0;
  #atEnd = false;

  constructor(file: PackFile) {
    this.#file = file;
  }

  /** The bytes from `offset` on: those of the longest frame at least, fewer only at the end of the file. */
  async at(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = this.#start + this.#length;
    const known = offset >= this.#start && offset <= end;
    if (!known || (end - offset < frameBytesMax && !this.#atEnd)) await this.#move(offset, known ? end - offset : 0);
    return this.#buffer.subarray(offset - this.#start, this.#length);
  }

  async #move(offset: number, kept: number): Promise<void> {
    this.#buffer.copyWithin(0, this.#length - kept, this.#length);
    const count = await readAt(this.#file, offset + kept, this.#buffer.subarray(kept));
    this.#start = offset;
    this.#length = kept + count;
    this.#atEnd = this.#length < this.#buffer.length;
  }
}
