import { Failure, platformFailure } from "../../core/mod.ts";

/** Primary result codes of SQLite (https://sqlite.org/rescode.html), with the message that stands in for each. */
const trouble = {
  busy: { code: 5, message: /database is locked/ },
  corrupt: { code: 11, message: /database disk image is malformed/ },
  full: { code: 13, message: /database or disk is full/ },
  notADatabase: { code: 26, message: /file is not a database/ },
} as const;

/** Says whether an error of SQLite is of a kind. By its message too, since `exec` and opening give no result code. */
export function isSqliteTrouble(cause: unknown, kind: keyof typeof trouble): boolean {
  if (!isSqliteError(cause)) return false;
  const { code, message } = trouble[kind];
  const errcode = "errcode" in cause ? cause.errcode : undefined;
  return typeof errcode === "number" ? (errcode & 0xff) === code : message.test(cause.message);
}

/**
 * Turns an error of SQLite into a `Failure` that names what was being done.
 *
 * @param action What was being done, as a verb phrase: `commit to "/data/dfs.db"`.
 * @param cause What was thrown. What is no error of SQLite is an error in the program, and returned as it is.
 */
export function sqliteFailure(action: string, cause: unknown): unknown {
  if (!isSqliteError(cause)) return cause;
  if (isSqliteTrouble(cause, "full")) {
    return new Failure("no_space", `Cannot ${action}: the disk is full`, {
      hint: "Free some space and run the command again; nothing of this change was applied",
      cause,
    });
  }
  if (isSqliteTrouble(cause, "busy")) {
    return new Failure("conflict", `Cannot ${action}: another process is using the database`, {
      hint: "Run the command again when the other process is done",
      cause,
    });
  }
  if (isSqliteTrouble(cause, "corrupt") || isSqliteTrouble(cause, "notADatabase")) {
    return new Failure("corrupt", `Cannot ${action}: ${cause.message}`, {
      hint: "Restore the database from a backup",
      cause,
    });
  }
  return platformFailure(action, cause);
}

function isSqliteError(cause: unknown): cause is Error {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_SQLITE_ERROR";
}
