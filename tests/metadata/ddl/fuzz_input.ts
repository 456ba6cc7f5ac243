import type { Random } from "./random.ts";

/** Pieces that mean something to the language or to YAML, for texts without any order. */
const pieces: readonly string[] = [
  ..."\n|\n  |\n    |  | |a|b: |key:|: |:|- |-|#| #|# c|\"|'|''|\\|\\n|\\u0041|\\uD800|\\U0001F600|\\x4|\\".split("|"),
  ..."0|1|-1|12|012|0x1F|0o7|1e3|1.5|.inf|-.inf|.nan|+1|1_000|12:30|9007199254740991|9007199254740993".split("|"),
  ..."~|null|Null|true|True|false|yes|no|on|Off|y|N|2024-01-15|2024-01-15T10:30:00Z|1969-12-31T23:59:59.123456789Z|2024-02-30T10:30:00Z"
    .split("|"),
  ..."&a|*a|!t|!!str x|[|]|{|}|,|>|%YAML 1.2|@|`|?|? |<<|<<: |=|---|\n---\n|---\n|...|\n...\n|--- ".split("|"),
  ..."__proto__: |constructor: |toString|file_metadata:|name: |version: |é|漢|😀|\u2028|\u0085|\ufeff|\x07|\x7f|\0"
    .split("|"),
  "|",
  "\t",
  "\r",
  "\r\n",
  "\ud800",
  "\udc00",
];

const keys: readonly string[] = [
  "a",
  "b",
  "name",
  "version",
  "k-1",
  "_x",
  '"q k"',
  "'s'",
  "__proto__",
  "file_metadata",
];

const scalars: readonly string[] = [
  ..."1|0|-7|9007199254740991|true|false|null|~|word|two words|a:b|x#y|/p/q.txt|é|😀 x|it's|2024-01-15T10:30:00Z".split(
    "|",
  ),
  ...'1999-12-31T23:59:59.25+05:30|"d"|""|\'\'|\'it\'\'s\'|"\\u00e9\\n\\""|"# no"|\'a: b\'|"true"|"12"|sha256:00'.split(
    "|",
  ),
];

/** A text without any order, or one of the language with a few changes, or one of the language. */
export function fuzzInput(random: Random): string {
  const way = random.below(4);
  if (way === 0) return soup(random);
  const lines: string[] = [];
  if (random.once(4)) lines.push("---");
  addBlock(random, { lines, indent: "", depth: 0 });
  while (random.once(5)) {
    lines.push("---");
    if (!random.once(4)) addBlock(random, { lines, indent: "", depth: 0 });
  }
  let text = lines.join(random.once(8) ? "\r\n" : "\n");
  if (!random.once(4)) text += "\n";
  return way === 1 ? text : mutate(random, text);
}

function soup(random: Random): string {
  let text = "";
  for (let count = random.below(12); count >= 0; count--) text += random.pick(pieces);
  return text;
}

/** Puts pieces in, leaves characters out, or doubles a part. */
function mutate(random: Random, text: string): string {
  let mutated = text;
  for (let count = random.below(3); count >= 0; count--) {
    const at = random.below(mutated.length + 1);
    const to = Math.min(mutated.length, at + 1 + random.below(4));
    const put = random.once(3) ? "" : random.once(6) ? mutated.slice(random.below(at + 1), to) : random.pick(pieces);
    mutated = mutated.slice(0, at) + put + mutated.slice(random.once(2) ? at : to);
  }
  return mutated;
}

interface Block {
  readonly lines: string[];
  readonly indent: string;
  readonly depth: number;
}

function addBlock(random: Random, block: Block): void {
  if (random.once(3)) addItems(random, block);
  else addEntries(random, block, block.indent);
}

function addEntries(random: Random, block: Block, firstIndent: string): void {
  const { lines, indent, depth } = block;
  let lead = firstIndent;
  const start = random.below(keys.length);
  for (let count = random.below(3), at = start; count >= 0; count--, at++) {
    if (lead === indent) addNoise(random, lines, indent);
    const key = keys[at % keys.length] ?? "a";
    if (depth < 4 && random.once(3)) {
      lines.push(`${lead}${key}:${note(random)}`);
      if (random.once(3)) addItems(random, { lines, indent, depth: depth + 1 });
      else addBlock(random, { lines, indent: indent + " ".repeat(1 + random.below(4)), depth: depth + 1 });
    } else lines.push(`${lead}${key}:${value(random)}`);
    lead = indent;
  }
}

function addItems(random: Random, { lines, indent, depth }: Block): void {
  for (let count = random.below(3); count >= 0; count--) {
    addNoise(random, lines, indent);
    const gap = " ".repeat(1 + random.below(3));
    if (depth < 4 && random.once(2)) {
      const inner = `${indent} ${gap}`;
      if (random.once(4)) {
        lines.push(`${indent}-${note(random)}`);
        addBlock(random, { lines, indent: inner, depth: depth + 1 });
      } else addEntries(random, { lines, indent: inner, depth: depth + 1 }, `${indent}-${gap}`);
    } else lines.push(`${indent}-${value(random, 50)}`);
  }
}

function value(random: Random, emptyOnceIn = 8): string {
  const scalar = random.once(emptyOnceIn) ? "" : `${" ".repeat(1 + random.below(2))}${random.pick(scalars)}`;
  return scalar + note(random);
}

function note(random: Random): string {
  return random.once(8) ? " # note" : random.once(12) ? "  " : "";
}

function addNoise(random: Random, lines: string[], indent: string): void {
  if (random.once(8)) lines.push(random.pick(["", "  ", `${indent}# line`, "# left", "        # right"]));
}
