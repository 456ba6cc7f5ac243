import type { SafePath } from "../core/mod.ts";
import type { ContentSource, HttpRequest, HttpResponse } from "../network/mod.ts";
import type { SessionService } from "../sync/sessions/mod.ts";

/** A file that is answered to the client of a session. */
export interface AnsweredFile {
  /** The id of the session. */
  readonly session: string;
  readonly path: SafePath;
  /** The version that is answered. */
  readonly version: number;
  /** Its length in bytes. */
  readonly size: number;
}

/**
 * A content that tells its session when its last byte is about to leave: a client that has the whole file finds it counted
 * when it asks.
 */
export function countedSource(source: ContentSource, counted: () => Promise<void>): ContentSource {
  const slice: ContentSource["slice"] = async function* (offset, length) {
    let left = length;
    for await (const piece of source.slice(offset, length)) {
      left -= piece.length;
      if (left === 0 && offset + length === source.length) await counted();
      yield piece;
    }
  };
  return { length: source.length, slice };
}

/** Counts an answer that has no content of its own: an empty file, or one that the client has already. */
export async function countEmptyAnswer(
  request: HttpRequest,
  { status }: HttpResponse,
  { size, counted }: { readonly size: number; readonly counted: () => Promise<void> },
): Promise<void> {
  if (request.method === "GET" && (status === 304 || (status === 200 && size === 0))) await counted();
}

/** Notes that a file was answered. */
export function countAnswer(sessions: SessionService, file: AnsweredFile): () => Promise<void> {
  return () => sessions.downloaded(file.session, file.path, file);
}
