import { HttpError, type HttpErrorOptions } from "../network/mod.ts";

/**
 * What no dfs client and no page of this server sends, every one of them, in the order of the documentation:
 *
 * - `foreign_host`: the request is for a name that is not this server's.
 * - `foreign_page`: a page of another site made it.
 * - `unsafe_path`: it names a path that leads outside, or that no file system can hold.
 * - `bad_chunks`: what it brings is not what its checksum or its hash says.
 * - `bad_commit`: its commit breaks the format, or names what no commit may.
 */
export const suspicions = ["foreign_host", "foreign_page", "unsafe_path", "bad_chunks", "bad_commit"] as const;

/** One of the {@linkcode suspicions}. */
export type Suspicion = typeof suspicions[number];

/** A refusal of what may be an attack, or a client that is broken: whoever runs the server wants to know. */
export class SuspectRequest extends HttpError {
  /** Why it is told of. */
  readonly suspicion: Suspicion;

  /** Takes the rest as an `HttpError` does. */
  constructor(suspicion: Suspicion, status: number, detail: string, options: HttpErrorOptions = {}) {
    super(status, detail, options);
    this.suspicion = suspicion;
  }
}
