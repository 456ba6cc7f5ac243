import { Failure, platformFailure } from "../../core/mod.ts";

/**
 * Turns what SQLite threw at a client's state into a {@linkcode Failure}; it goes by the text of `sqlite3_errstr`.
 *
 * @param action What was being done, as a verb phrase.
 * @param cause What was thrown. What is no error of SQLite is returned as it is.
 */
export function stateFailure(action: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof Failure) return cause;
  if (cause.message.startsWith("database or disk is full")) {
    return new Failure("no_space", `Cannot ${action}: the disk is full`, {
      hint: "Free some space and run the command again; it goes on from there",
      cause,
    });
  }
  if (/^(database disk image is malformed|file is not a database)/.test(cause.message)) {
    return new Failure("corrupt", `Cannot ${action}: the file is damaged`, {
      hint: "Remove .dfs/state.sqlite; the next run compares everything anew and loses nothing",
      cause,
    });
  }
  const isSqlite = "code" in cause && cause.code === "ERR_SQLITE_ERROR";
  return isSqlite ? platformFailure(action, cause) : cause;
}
