import { Failure, type Hash, sha256 } from "../../core/mod.ts";
import { FrameLoan, FrameMemory, readFrameHead, unpackFrame } from "../../storage/mod.ts";
import { DeltaPatience } from "./delta_patience.ts";
import { fetchDeltas } from "./fetch_deltas.ts";
import type { KeptChunk } from "./fetch_plan.ts";
import type { LocalChunks } from "./local_chunks.ts";
import { type Remote, UnreadableChunks } from "../remote/mod.ts";

/** How many bytes of chunks one request asks for. */
const batchBytesMax: number = 8 * 1024 * 1024;
/** How many chunks one request asks for at most. */
const batchChunksMax = 4096;
/** How many requests are on their way at once unless told. */
const inFlightDefault = 3;
/** How often a batch is asked for again when its answer breaks off or is damaged. */
const batchAttemptsMax = 4;

/** A chunk to fetch. */
export interface WantedChunk {
  /** Names it. */
  readonly hash: Hash;
  /** How many bytes it has. */
  readonly length: number;
  /** Tells the chunks in the folder that it may be much like. */
  readonly replaces?: (() => KeptChunk[]) | undefined;
}

/** Options of {@linkcode feedChunks}. */
export interface FeedOptions {
  /** How many requests are on their way at once; 3 unless told. */
  readonly inFlight?: number | undefined;
  /** Where chunks of the folder are read; without it all are fetched whole. */
  readonly local?: LocalChunks;
}

/**
 * Fetches chunks in order, several requests ahead of whoever uses them. Each chunk is checked against its name; a damaged
 * or broken answer is asked for again, from the first chunk that is not there yet.
 *
 * @returns The bytes of each chunk, in the order asked for; valid until the next is asked for. `undefined` for a chunk
 * that the server cannot give, because it is damaged there or missing.
 */
export async function* feedChunks(
  remote: Remote,
  wanted: readonly WantedChunk[],
  options: FeedOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer> | undefined> {
  const { inFlight = inFlightDefault } = options;
  const patience = new DeltaPatience();
  const batches = splitBatches(wanted);
  const memory = new FrameMemory();
  const running: { readonly chunks: Promise<FetchedChunks>; readonly loan: FrameLoan }[] = [];
  let next = 0;
  try {
    while (next < batches.length || running.length > 0) {
      while (next < batches.length && running.length < inFlight) {
        const loan = new FrameLoan(memory);
        const chunks = fetchBatch(remote, batches[next++]!, { ...options, patience, room: loan });
        chunks.catch(() => {});
        running.push({ chunks, loan });
      }
      const { chunks, loan } = running.shift()!;
      yield* await chunks;
      loan[Symbol.dispose]();
    }
  } finally {
    await Promise.allSettled(running.map(({ chunks }) => chunks));
  }
}

function splitBatches(wanted: readonly WantedChunk[]): WantedChunk[][] {
  const batches: WantedChunk[][] = [];
  let batch: WantedChunk[] = [];
  let bytes = 0;
  for (const chunk of wanted) {
    const { length } = chunk;
    if (batch.length > 0 && (bytes + length > batchBytesMax || batch.length === batchChunksMax)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(chunk);
    bytes += length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Chunks in the order asked for; nothing where the server cannot give one. */
type FetchedChunks = readonly (Uint8Array<ArrayBuffer> | undefined)[];

interface BatchOptions extends FeedOptions {
  readonly patience: DeltaPatience;
  /** What the frames are put into, and what comes of them. */
  readonly room: FrameLoan;
}

/** Fetches what the server can make of what is here as that, and the rest whole. */
async function fetchBatch(
  remote: Remote,
  wanted: readonly WantedChunk[],
  { local, patience, room }: BatchOptions,
): Promise<FetchedChunks> {
  const { deltas } = remote;
  const tries = deltas !== undefined && local !== undefined && wanted.some(({ replaces }) => replaces);
  if (!tries || !patience.tries()) return await fetchWhole(remote, wanted, room);
  const candidates = wanted.map(({ hash, length, replaces }) => ({ hash, bytes: length, replaces }));
  const made = await fetchDeltas(candidates, { deltas, local });
  if (made === undefined) return await fetchWhole(remote, wanted, room);
  patience.learn(made.size > 0);
  const rest = wanted.filter(({ hash }) => !made.has(hash));
  const whole = rest.length === 0 ? [] : await fetchWhole(remote, rest, room);
  let next = 0;
  return wanted.map(({ hash }) => made.get(hash) ?? whole[next++]);
}

async function fetchWhole(
  remote: Remote,
  wanted: readonly WantedChunk[],
  room: FrameLoan,
): Promise<FetchedChunks> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let attempt = 1;; attempt++) {
    try {
      const hashes = wanted.slice(chunks.length).map(({ hash }) => hash);
      for await (const frame of remote.frames(hashes, room)) takeFrame(frame, wanted, { chunks, room });
      if (chunks.length === wanted.length) return chunks;
      throw new Failure("corrupt", "The server's answer ended before all chunks had come");
    } catch (cause) {
      if (cause instanceof UnreadableChunks) {
        return [...chunks, ...await fetchReadable(remote, wanted.slice(chunks.length), { cause, room })];
      }
      const passing = cause instanceof Failure && (cause.kind === "corrupt" || cause.kind === "unreachable");
      if (!passing || attempt === batchAttemptsMax) throw cause;
    }
  }
}

/** Fetches what there is beside chunks that the server cannot give. */
async function fetchReadable(
  remote: Remote,
  wanted: readonly WantedChunk[],
  { cause, room }: { readonly cause: UnreadableChunks; readonly room: FrameLoan },
): Promise<FetchedChunks> {
  const readable = wanted.filter(({ hash }) => !cause.hashes.has(hash));
  if (readable.length === wanted.length) throw cause;
  const fetched = readable.length === 0 ? [] : await fetchWhole(remote, readable, room);
  let next = 0;
  return wanted.map(({ hash }) => cause.hashes.has(hash) ? undefined : fetched[next++]);
}

/** Unpacks a frame and takes its chunks as the next ones, if their hashes say that they are. */
function takeFrame(
  frame: Uint8Array<ArrayBuffer>,
  wanted: readonly WantedChunk[],
  { chunks, room }: { readonly chunks: Uint8Array<ArrayBuffer>[]; readonly room: FrameLoan },
): void {
  const head = readFrameHead(frame);
  if (!head.ok) throw new Failure("corrupt", `The server sent a broken frame: ${head.error.message}`);
  const raw = unpackFrame(frame, head.value);
  if (!raw.ok) throw new Failure("corrupt", `The server sent a broken frame: ${raw.error.message}`);
  if (raw.value.buffer !== frame.buffer) room.takeOver(raw.value);
  let offset = 0;
  for (const length of head.value.lengths) {
    const chunk = raw.value.subarray(offset, offset + length);
    const asked = wanted[chunks.length];
    if (asked === undefined || asked.length !== length || asked.hash !== sha256(chunk)) {
      throw new Failure("corrupt", "The server sent a chunk that is not the one asked for");
    }
    chunks.push(chunk);
    offset += length;
  }
}
