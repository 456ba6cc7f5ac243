import type { DatabaseSync } from "node:sqlite";

/** Does some work in one transaction, which holds the right to write from its beginning; what fails leaves no trace. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (cause) {
    // A full disk has it rolled back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}
