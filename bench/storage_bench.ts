import { openPackStore } from "../lib/storage/mod.ts";
import { type ChunkStore, FrameBuilder } from "../lib/storage/mod.ts";
import { type Hash, sha256 } from "../lib/core/mod.ts";
import { noise, prose } from "../tests/storage/fixtures.ts";

/** Frames, and the names of their chunks. */
interface Load {
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
  readonly hashes: readonly Hash[];
}

function load(chunks: Iterable<Uint8Array>): Load {
  const builder = new FrameBuilder();
  const frames: (Uint8Array<ArrayBuffer> | undefined)[] = [];
  const hashes: Hash[] = [];
  for (const chunk of chunks) {
    frames.push(builder.add(chunk));
    hashes.push(sha256(chunk));
  }
  return { frames: [...frames, builder.finish()].filter((frame) => frame !== undefined), hashes };
}

/** 200 frames of 1 MiB that nothing can compress, in chunks of 64 KiB. */
const media = load(Array.from({ length: 3200 }, (_, seed) => noise(64 * 1024, seed)));
/** 18,000 chunks of 2 to 8 KB, text: a source tree. */
const tree = load(Array.from({ length: 18_000 }, (_, seed) => prose(2000 + (seed * 7919) % 6000, seed)));
const unknown = Array.from({ length: 18_000 }, (_, seed) => sha256(noise(32, 1_000_000 + seed)));

async function withStore(work: (store: ChunkStore, directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await using store = await openPackStore(directory);
    await work(store, directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Puts frames as clients send them: some in a request, in the pieces that a socket gives. */
async function putAll(store: ChunkStore, { frames }: Load): Promise<void> {
  for (let from = 0; from < frames.length; from += framesInRequest) {
    await store.putFrames(ReadableStream.from(piecesOf(frames.slice(from, from + framesInRequest))));
  }
}

const framesInRequest = 4;
const pieceBytes = 64 * 1024;

function* piecesOf(frames: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const frame of frames) {
    for (let at = 0; at < frame.length; at += pieceBytes) yield frame.subarray(at, at + pieceBytes);
  }
}

async function drain(frames: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const frame of frames) frame.length satisfies number;
}

/** Measures `work` on a store that holds `held`. */
function benchOn(name: string, group: string, { held, work }: {
  readonly held: readonly Load[];
  readonly work: (store: ChunkStore) => Promise<unknown>;
}): void {
  Deno.bench(name, { group, n: 8, warmup: 2 }, async (bench) => {
    await withStore(async (store) => {
      for (const load of held) await putAll(store, load);
      bench.start();
      await work(store);
      bench.end();
    });
  });
}

Deno.bench(
  "baseline: write 200 MiB to a file and hash it",
  { group: "put 200 MiB", baseline: true, n: 8, warmup: 2 },
  async (bench) => {
    const path = await Deno.makeTempFile();
    using file = await Deno.open(path, { write: true });
    bench.start();
    for (const frame of media.frames) {
      for (let at = 0; at < frame.length; at += 64 * 1024) sha256(frame.subarray(at, at + 64 * 1024));
      await file.write(frame);
    }
    bench.end();
    await Deno.remove(path);
  },
);
benchOn("putFrames(), 200 frames of 1 MiB, random", "put 200 MiB", { held: [], work: (store) => putAll(store, media) });
benchOn("putFrames(), known", "put 200 MiB", { held: [media], work: (store) => putAll(store, media) });

benchOn("putFrames(), 18,000 chunks of text", "put tree", { held: [], work: (store) => putAll(store, tree) });
benchOn("putFrames() and sync(), 18,000 chunks of text", "put tree", {
  held: [],
  work: async (store) => {
    await putAll(store, tree);
    await store.sync();
  },
});

benchOn("lacking(), 18,000 unknown", "lacking", { held: [media, tree], work: (store) => store.lacking(unknown) });
benchOn("lacking(), 18,000 known", "lacking", { held: [media, tree], work: (store) => store.lacking(tree.hashes) });

benchOn("frames(), 200 MiB handed on as they are", "read 200 MiB", {
  held: [media],
  work: (store) => drain(store.frames(media.hashes)),
});
benchOn("frames(), 200 MiB made anew", "read 200 MiB", {
  held: [media],
  work: (store) => drain(store.frames(media.hashes.toReversed())),
});
benchOn("verify(), 200 MiB", "read 200 MiB", {
  held: [media],
  work: async (store) => {
    for await (const damage of store.verify()) throw new Error(damage.problem);
  },
});
benchOn("frames(), 18,000 chunks of text handed on as they are", "read tree", {
  held: [tree],
  work: (store) => drain(store.frames(tree.hashes)),
});
benchOn("get(), 18,000 chunks of text", "read tree", {
  held: [tree],
  work: async (store) => {
    for (const hash of tree.hashes) await store.get(hash);
  },
});
