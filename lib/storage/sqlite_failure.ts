import { Failure, platformFailure } from "../core/mod.ts";

/** Result codes of SQLite that have a meaning of their own to people (https://www.sqlite.org/rescode.html). */
const codes = { busy: 5, corrupt: 11, full: 13, notADatabase: 26 } as const;

/**
 * Turns what SQLite threw into a {@linkcode Failure}.
 *
 * @param action What was being done, as a verb phrase.
 * @param cause What was thrown. A `Failure` is returned as it is.
 */
export function sqliteFailure(action: string, cause: unknown): Failure {
  switch (resultCode(cause)) {
    case codes.full:
      return new Failure("no_space", `Cannot ${action}: the disk is full`, {
        hint: "Free some space and run the command again; what arrived so far is kept",
        cause,
      });
    case codes.corrupt:
    case codes.notADatabase:
      return new Failure("corrupt", `Cannot ${action}: the file is damaged`, {
        hint: "Stop the server and move the file away; it is rebuilt from the packs at the next start",
        cause,
      });
    case codes.busy:
      return new Failure("conflict", `Cannot ${action}: another process keeps it locked`, { cause });
    default:
      return platformFailure(action, cause);
  }
}

/** The primary result code; extended ones have more in their upper bits. */
function resultCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !("errcode" in cause) || typeof cause.errcode !== "number") return undefined;
  return cause.errcode & 0xff;
}
