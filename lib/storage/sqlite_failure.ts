import { Failure, platformFailure } from "../core/mod.ts";

/**
 * Turns what SQLite threw into a {@linkcode Failure}.
 *
 * It goes by the text of `sqlite3_errstr`, since `DatabaseSync.exec` throws errors that have no result code.
 *
 * @param action What was being done, as a verb phrase.
 * @param cause What was thrown. A `Failure` is returned as it is.
 */
export function sqliteFailure(action: string, cause: unknown): Failure {
  const message = cause instanceof Error && !(cause instanceof Failure) ? cause.message : "";
  if (message.startsWith("database or disk is full")) {
    return new Failure("no_space", `Cannot ${action}: the disk is full`, {
      hint: "Free some space and run the command again; what arrived so far is kept",
      cause,
    });
  }
  if (/^(database disk image is malformed|file is not a database)/.test(message)) {
    return new Failure("corrupt", `Cannot ${action}: the file is damaged`, {
      hint: "Stop the server and move the file away; it is rebuilt from the packs at the next start",
      cause,
    });
  }
  if (/^database (table )?is locked/.test(message)) {
    return new Failure("conflict", `Cannot ${action}: another process keeps it locked`, { cause });
  }
  return platformFailure(action, cause);
}
