import { err, type Result } from "../../core/mod.ts";

/**
 * Why something that was asked of a session was not done.
 *
 * - `unknown`: there is no such client, session, space or path.
 * - `expired`: the session ended for lack of activity.
 * - `out_of_turn`: the state of the session does not take it, or the path is not to be uploaded.
 * - `incomplete`: pieces of the upload are missing.
 * - `unconfirmed`: it would delete much, and nobody said that this is meant.
 * - `no_place`: the space has no place for such a path.
 * - `too_large`, `too_many`: it is beyond a limit.
 * - `wrong_content`: the bytes are not those that their hash says.
 */
export interface SessionRefusal {
  /** Which of the reasons above. */
  readonly reason:
    | "unknown"
    | "expired"
    | "out_of_turn"
    | "incomplete"
    | "unconfirmed"
    | "no_place"
    | "too_large"
    | "too_many"
    | "wrong_content";
  /** A sentence that names the thing, without a period at its end. */
  readonly message: string;
  /** What to do next, where that is known. */
  readonly hint?: string;
  /** What a program can make use of, by the names of the JSON API. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Refuses. */
export function refuse(
  reason: SessionRefusal["reason"],
  message: string,
  more: Pick<SessionRefusal, "hint" | "details"> = {},
): Result<never, SessionRefusal> {
  return err({ reason, message, ...more });
}
