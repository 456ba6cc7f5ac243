import type { FileMetadata } from "../file_metadata.ts";
import type { Entry, Node, StreamNode } from "./ast.ts";
import { addType, kindName } from "./field_readers.ts";
import { FirstPlaces } from "./first_places.ts";
import { addUnknown } from "./key_problems.ts";
import { rootKey } from "./metadata_keys.ts";
import type { ProblemList } from "./problem.ts";
import { readEntry } from "./read_entry.ts";

/** What is gathered over all documents: the entries, and where each path was named. */
interface Gathered {
  readonly entries: FileMetadata[];
  readonly places: FirstPlaces;
  readonly problems: ProblemList;
}

/**
 * The schema pass: reads the entries of all documents of a tree.
 *
 * A document is empty, or has the one key `file_metadata`; its value is one entry or a list of entries. No path may be
 * named twice in all of them.
 *
 * @param stream The tree.
 * @param problems Where mistakes go.
 * @returns The entries that could be read, in the order of the text.
 */
export function readMetadata(stream: StreamNode, problems: ProblemList): FileMetadata[] {
  const gathered: Gathered = { entries: [], places: new FirstPlaces(), problems };
  for (const { root } of stream.documents) {
    if (problems.full) break;
    readRoot(root, gathered);
  }
  return gathered.entries;
}

function readRoot(root: Node, gathered: Gathered): void {
  if (root.kind === "null" || root.kind === "invalid") return;
  if (root.kind !== "mapping") {
    const message = `The document is ${kindName(root)}`;
    const span = { start: root.start, end: root.start };
    gathered.problems.add({ code: "type", message, ...span, expected: `the key ${rootKey}` });
    return;
  }
  for (const entry of root.entries) {
    if (entry.key === rootKey) readRootValue(entry, gathered);
    else addUnknown(entry, [rootKey], gathered.problems);
  }
}

function readRootValue(entry: Entry, gathered: Gathered): void {
  const { value } = entry;
  if (value.kind === "mapping") readOne(value, gathered);
  else if (value.kind === "sequence") {
    for (const item of value.items) {
      if (gathered.problems.full) return;
      if (item.value.kind === "mapping") readOne(item.value, gathered);
      else addType({ ...item, key: rootKey }, "a block with the keys of an entry", gathered.problems);
    }
  } else addType(entry, "a block with the keys of an entry, or a list of such blocks", gathered.problems);
}

function readOne(node: Node & { readonly kind: "mapping" }, gathered: Gathered): void {
  const metadata = readEntry(node, gathered.problems);
  if (metadata === undefined) return;
  const { places, problems, entries } = gathered;
  const related = places.add(metadata.path, node.start);
  if (related === undefined) {
    entries.push(metadata);
    return;
  }
  const name = node.entries.find(({ key }) => key === "name")?.value ?? node;
  problems.add({
    code: "duplicate-path",
    message: `The path ${JSON.stringify(metadata.path)} is named twice`,
    start: name.start,
    end: name.end,
    hint: "Keep one of the two entries",
    related,
  });
}
