import type { Comments, DocumentNode, Entry, Item, Node, StreamNode } from "./ast.ts";

/**
 * Gives the comments of an older tree to a newer one, so that they survive when a program edits a text: read it, change
 * the entries, build the new tree, carry the comments over, print.
 *
 * A key keeps the comments of the same key; a list item those of the item with the same `name` or `node`, or where items
 * have neither, of the item at the same place. Comments of what is gone go with it; those at the end of a document stay.
 *
 * @param older The tree that was read.
 * @param newer The tree that will be printed.
 *
 * @example
 * ```ts
 * import { carryComments } from "./carry_comments.ts";
 * import { parseDdl } from "./parse_ddl.ts";
 * import { printDdl } from "./print_ddl.ts";
 * import { assertEquals } from "@std/assert";
 * const older = parseDdl("# the plan\nversion: 1 # first\n").stream;
 * const newer = parseDdl("version: 2\n").stream;
 * assertEquals(printDdl(carryComments(older, newer)), "# the plan\nversion: 2 # first\n");
 * ```
 */
export function carryComments(older: StreamNode, newer: StreamNode): StreamNode {
  return {
    documents: newer.documents.map((document, index): DocumentNode => {
      const before = older.documents[index];
      if (before === undefined) return document;
      return { root: carry(before.root, document.root), comments: [...before.comments, ...document.comments] };
    }),
  };
}

function carry(older: Node, newer: Node): Node {
  if (older.kind === "mapping" && newer.kind === "mapping") {
    const known = new Map(older.entries.map((entry) => [entry.key, entry]));
    return { ...newer, entries: newer.entries.map((entry) => carryTo(entry, known.get(entry.key))) };
  }
  if (older.kind === "sequence" && newer.kind === "sequence") {
    const known = new Map(older.items.map((item, index) => [identity(item, index), item]));
    return { ...newer, items: newer.items.map((item, index) => carryTo(item, known.get(identity(item, index)))) };
  }
  return newer;
}

function carryTo<P extends Entry | Item>(newer: P, older: P | undefined): P {
  if (older === undefined) return newer;
  return { ...newer, value: carry(older.value, newer.value), comments: join(older.comments, newer.comments) };
}

function join(older: Comments | undefined, newer: Comments | undefined): Comments | undefined {
  if (older === undefined || newer === undefined) return older ?? newer;
  const after = newer.after ?? older.after;
  return { before: [...older.before, ...newer.before], ...(after !== undefined && { after }) };
}

/** What an item is known by: its `name` or `node`, else its place in the list. */
function identity({ value }: Item, index: number): string {
  const entries = value.kind === "mapping" ? value.entries : [];
  const name = entries.find(({ key }) => key === "name" || key === "node")?.value;
  return name?.kind === "text" ? `text ${name.value}` : `place ${index}`;
}
