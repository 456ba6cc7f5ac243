/**
 * What becomes of a path that a client and the server were asked about.
 *
 * - `same`: both have the same content.
 * - `upload`, `download`: one side has what the other lacks, or has a newer version of it.
 * - `conflict`: both changed it since they last agreed, or each made one of its own.
 * - `delete_remote`, `delete_local`: one side deleted what the other did not change.
 */
export type PathAction = "same" | "upload" | "download" | "conflict" | "delete_remote" | "delete_local";

/** What is known of a path on both sides; it lives on at least one of them. */
export interface ComparedPath {
  /** What the client has; `undefined` if it lacks the path. */
  readonly local: ComparedLocal | undefined;
  /** What the server has; `undefined` if it lacks the path. */
  readonly server: ComparedServer | undefined;
}

/** A path as the client has it. */
export interface ComparedLocal {
  /** The version that the client says its content goes back to; 0 if it says none. */
  readonly version: number;
  /** Whether the content is that of this version, or of the one that the client is known to have held before. */
  readonly unchanged: boolean;
}

/** A path as the server has it. */
export interface ComparedServer {
  /** The version that lives there. */
  readonly version: number;
  /** Whether the content is the client's. */
  readonly equal: boolean;
  /** The version that this very client is known to have held before; 0 if it is not known to have held any. */
  readonly held: number;
}

/**
 * Decides what becomes of a path, three-way: what both sides last agreed on is the version that the client tells, or that
 * it is known to have held.
 *
 * A deletion is never guessed. That the client lacks a path means that it deleted it only if it is known to have held the
 * very version that lives on the server; otherwise it gets the path. Where one side deleted what the other changed, the
 * change stays.
 *
 * @example
 * ```ts
 * import { comparePath } from "./compare_path.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(comparePath({ local: { version: 2, unchanged: false }, server: undefined }), "upload");
 * ```
 */
export function comparePath({ local, server }: ComparedPath): PathAction {
  if (server === undefined) return local !== undefined && local.unchanged ? "delete_local" : "upload";
  if (local === undefined) return server.held === server.version ? "delete_remote" : "download";
  if (server.equal) return "same";
  if (local.version === server.version || server.held === server.version) return "upload";
  return local.unchanged ? "download" : "conflict";
}
