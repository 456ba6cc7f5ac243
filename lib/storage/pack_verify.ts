import { Failure, type Hash } from "../core/mod.ts";
import type { ChunkDamage } from "./chunk_store.ts";
import { nameFrame } from "./named_frame.ts";
import { type OpenFile, packHeadBytes, packPath, readAt } from "./pack_file.ts";
import type { FramePlace, PackIndex } from "./pack_index.ts";
import { damaged, type PackReader } from "./pack_reader.ts";
import { packHeadProblem } from "./pack_recovery.ts";

/** How many frames are listed, and how many damaged ones are looked up, by one statement. */
const framesAtOnce = 256;

/** What {@linkcode verifyPacks} reads. */
export interface VerifySource {
  /** The folder of the packs. */
  readonly packs: string;
  readonly index: PackIndex;
  readonly reader: PackReader;
  readonly openFile: OpenFile;
}

/**
 * Reads every pack and compares each chunk with its name. The packs are read once, in the order they lie in; what
 * belongs to a frame that is not as it must be is looked up at the end.
 */
export async function* verifyPacks(source: VerifySource): AsyncGenerator<ChunkDamage, void> {
  for (const problem of source.index.problems()) {
    yield { hash: undefined, problem: `The chunk index is damaged: ${problem}` };
  }
  for (const { id } of source.index.packs()) {
    const problem = await headProblem(source, id);
    if (problem !== undefined) yield { hash: undefined, problem };
  }
  let suspects: FramePlace[] = [];
  for (const frames of frameBatches(source.index)) {
    // A frame that holds nothing any more waits for its pack to be collected.
    for (const frame of frames) if (frame.chunks > 0 && !await isSound(frame, source)) suspects.push(frame);
    if (suspects.length < framesAtOnce) continue;
    yield* damageIn(suspects, source);
    suspects = [];
  }
  yield* damageIn(suspects, source);
}

function* frameBatches(index: PackIndex): Generator<FramePlace[], void> {
  for (let last = { pack: 0, start: 0 };;) {
    const frames = index.framesAfter(last, framesAtOnce);
    if (frames.length === 0) return;
    yield frames;
    last = frames.at(-1) ?? last;
  }
}

async function headProblem({ packs, openFile, index }: VerifySource, id: number): Promise<string | undefined> {
  const head = new Uint8Array(packHeadBytes);
  try {
    using file = await openFile(packPath(packs, id), { read: true });
    await readAt(file, 0, head);
  } catch (cause) {
    if (index.gonePacks().some((gone) => gone.id === id)) return undefined;
    return `Pack ${id} cannot be read: ${cause instanceof Error ? cause.message : cause}`;
  }
  const problem = packHeadProblem(head);
  return problem && `Pack ${id} does not begin as a pack does: ${problem}`;
}

/** Says whether the chunks of a frame have the names by which the index finds them there, all of them. */
async function isSound(frame: FramePlace, source: VerifySource): Promise<boolean> {
  const names = await namesIn(frame, source.reader);
  if (names instanceof Failure) return false;
  const here = source.index.find(names).filter((place, at) => place?.frame === frame.id && place.position === at);
  return here.length === frame.chunks;
}

/** The names of the chunks that lie in a frame, or why they cannot be told. */
async function namesIn(frame: FramePlace, reader: PackReader): Promise<readonly Hash[] | Failure> {
  try {
    const named = await nameFrame(await reader.read(frame));
    return named.ok ? named.value.hashes : damaged(frame, named.error.message);
  } catch (cause) {
    if (cause instanceof Failure) return cause;
    throw cause;
  }
}

async function* damageIn(frames: readonly FramePlace[], { index, reader }: VerifySource): AsyncGenerator<ChunkDamage> {
  // A collection may have moved meanwhile what they held.
  const present = frames.map(({ id }) => index.frame(id)).filter((frame) => frame !== undefined);
  if (present.length === 0) return;
  const chunks = Map.groupBy(index.chunksIn(present.map(({ id }) => id)), (chunk) => chunk.frame);
  for (const frame of present) {
    const names = await namesIn(frame, reader);
    if (index.frame(frame.id)?.chunks !== frame.chunks) continue;
    const entered = chunks.get(frame.id) ?? [];
    for (const { hash, position } of entered) {
      if (names instanceof Failure) yield { hash, problem: names.message };
      else if (names[position] !== hash) {
        yield { hash, problem: damaged(frame, `chunk ${position} is another`).message };
      }
    }
    if (entered.length !== frame.chunks) {
      const problem = `The chunk index has ${entered.length} of the ${frame.chunks} chunks it counts`;
      yield { hash: undefined, problem: damaged(frame, problem).message };
    }
  }
}
