import { Failure, type Hash, parseHash } from "../../core/mod.ts";

/** The server cannot give chunks that it was asked for: they are damaged there, or missing. */
export class UnreadableChunks extends Failure {
  /** Which ones. */
  readonly hashes: ReadonlySet<Hash>;

  /** Names the chunks. */
  constructor(hashes: ReadonlySet<Hash>) {
    super("corrupt", `The server cannot give ${hashes.size} chunks: they are damaged there, or missing`, {
      hint: `To mend it, ${mending}`,
    });
    this.hashes = hashes;
  }
}

const mending = "run dfs verify --server --repair, then dfs verify --repair in a folder that has the file";

/** What is told of a file of which the server cannot give all. */
export const unreadableProblem = `Its content is damaged or missing on the server; to mend it, ${mending}`;

/**
 * Reads from a refusal of the server which of the chunks it was asked for it cannot give.
 *
 * @param data The body of its answer, if that is JSON.
 * @returns `undefined` if it says nothing of chunks.
 */
export function readUnreadable(data: unknown): UnreadableChunks | undefined {
  if (typeof data !== "object" || data === null || !("chunks" in data) || !Array.isArray(data.chunks)) return undefined;
  const hashes = data.chunks.flatMap((text: unknown) => typeof text === "string" ? parseHash(text) ?? [] : []);
  return hashes.length === 0 ? undefined : new UnreadableChunks(new Set(hashes));
}
