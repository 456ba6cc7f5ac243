import type { SQLInputValue } from "node:sqlite";

/**
 * How many rows one statement takes. Its call then costs little beside its rows; more of them make it longer to no
 * avail.
 */
const rowsPerStatement = 16;

/** Some rows that one statement takes. */
export interface SqliteBatch {
  /** How many rows; one statement text each serves all batches of that many. */
  readonly rows: number;
  /** Their columns, row after row. */
  readonly parameters: SQLInputValue[];
}

/**
 * Splits rows into batches of two sizes, so that two statements are enough for any number of rows.
 *
 * @param items What to make the rows of.
 * @param columnsOf The columns of a row.
 */
export function* sqliteBatches<T>(
  items: readonly T[],
  columnsOf: (item: T) => SQLInputValue[],
): Generator<SqliteBatch> {
  for (let at = 0; at < items.length;) {
    const rows = items.length - at < rowsPerStatement ? 1 : rowsPerStatement;
    const parameters: SQLInputValue[] = [];
    for (const end = at + rows; at < end; at++) parameters.push(...columnsOf(items[at]!));
    yield { rows, parameters };
  }
}

/** The `VALUES` of a batch: so many rows of so many columns. */
export function sqliteValues(rows: number, columns: number): string {
  const row = `(${Array(columns).fill("?").join(", ")})`;
  return `VALUES ${Array(rows).fill(row).join(", ")}`;
}

/** Keeps the statement text of each number of rows. */
export function byRows(statement: (rows: number) => string): (rows: number) => string {
  const texts = new Map<number, string>();
  return (rows) => {
    const text = texts.get(rows) ?? statement(rows);
    texts.set(rows, text);
    return text;
  };
}
