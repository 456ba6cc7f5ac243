import { emptyContent, type Manifest } from "../../metadata/mod.ts";
import { Failure, type Hash, ok, type Result, type SafePath } from "../../core/mod.ts";
import type { ChunkStore } from "../../storage/mod.ts";
import { type CutContent, recutContent } from "./recut_content.ts";
import type { SessionContext } from "./session_context.ts";
import { refuse, type SessionRefusal } from "./session_refusal.ts";
import { keepFrames } from "./store_piece.ts";

/** Which upload is gathered. */
export interface GatheredUpload {
  /** The id of the session. */
  readonly session: string;
  /** The path that is uploaded. */
  readonly path: SafePath;
  /** The SHA-256 that the whole must have. */
  readonly expected: Hash;
}

/** Puts the pieces of an upload together, compares the whole with its hash, and stores it as every client would. */
export async function gatherUpload(
  context: SessionContext,
  { session, path, expected }: GatheredUpload,
): Promise<Result<CutContent, SessionRefusal>> {
  const { sessions, chunks } = context;
  const upload = await sessions.upload(session, path);
  if (upload === undefined && expected !== emptyContent) {
    return refuse("incomplete", `Nothing of ${JSON.stringify(path)} arrived yet`, {
      hint: "Send it by POST /api/file/upload_chunk",
    });
  }
  const { total, pieces } = upload ?? { total: 0, pieces: [] };
  const lost = new Set(await chunks.lacking(pieces.flatMap((piece) => piece.chunks.hashes())));
  const broken = lost.size === 0 ? [] : pieces.filter((piece) => piece.chunks.hashes().some((hash) => lost.has(hash)));
  if (broken.length > 0) await sessions.dropPieces(session, path, broken.map(({ index }) => index));
  const there = new Set(pieces.map(({ index }) => index));
  for (const { index } of broken) there.delete(index);
  if (there.size < total) {
    const missing = missingOf(there, total);
    return refuse("incomplete", `${missing.length} of ${total} chunks of ${JSON.stringify(path)} are missing`, {
      hint: "Send them by POST /api/file/upload_chunk",
      details: { missing },
    });
  }
  const source = piecesOf(chunks, pieces.map((piece) => piece.chunks));
  const content = await recutContent(source, (frame) => keepFrames(chunks, [frame]));
  if (content.hash === expected) return ok(content);
  // Kept, a piece of an earlier state of the file would spoil every further try.
  await sessions.dropPieces(session, path);
  return refuse("wrong_content", `What arrived of ${JSON.stringify(path)} has another hash than expected`, {
    hint: "Send all chunks again: the file may have changed meanwhile",
    details: { expected_hash: `sha256:${expected}`, hash: `sha256:${content.hash}` },
  });
}

/** The numbers below `total` that are not there. */
export function missingOf(there: ReadonlySet<number>, total: number): number[] {
  return Array.from({ length: total }, (_, index) => index).filter((index) => !there.has(index));
}

async function* piecesOf(chunks: ChunkStore, pieces: readonly Manifest[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    for (const hash of piece.hashes()) {
      const bytes = await chunks.get(hash);
      if (bytes === undefined) {
        throw new Failure("corrupt", `The chunk ${hash} of an upload is not stored any more`, {
          hint: "Finalize the file again: the answer tells what to send anew",
        });
      }
      yield bytes;
    }
  }
}
