import type { ProblemCode } from "./problem.ts";

/** Why something of YAML is not part of the language, and what to write instead. */
export interface Refusal {
  /** The kind of mistake. */
  readonly code: ProblemCode;
  /** What is refused. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

const flow: Refusal = {
  code: "flow-collection",
  message: "Flow collections ([...] and {...}) are not part of the language",
  hint: "Write one item or key a line, indented; leave the key out if the collection is empty",
};
const block: Refusal = {
  code: "block-scalar",
  message: "Block scalars (| and >) are not part of the language",
  hint: 'Write the text in double quotes on one line, with "\\n" for line breaks',
};
const reserved: Refusal = {
  code: "reserved-character",
  message: "A plain text must not begin with this character",
  hint: "Write the text in quotes",
};

const refusals: ReadonlyMap<string, Refusal> = new Map([
  ["&", {
    code: "anchor",
    message: "Anchors (&name) are not part of the language",
    hint: "Write the value out, or put it in quotes if it is text",
  }],
  ["*", {
    code: "alias",
    message: "Aliases (*name) are not part of the language",
    hint: "Write the value out, or put it in quotes if it is text",
  }],
  ["!", {
    code: "tag",
    message: "Tags (!name) are not part of the language",
    hint: "Leave the tag out, or put the value in quotes if it is text",
  }],
  ["[", flow],
  ["{", flow],
  ["]", flow],
  ["}", flow],
  [",", flow],
  ["|", block],
  [">", block],
  ["%", {
    code: "directive",
    message: "Directives (%YAML, %TAG) are not part of the language",
    hint: "Leave the line out, or put the value in quotes if it is text",
  }],
  ["?", {
    code: "complex-key",
    message: "Complex keys (? key) are not part of the language",
    hint: "Write key: value, and put a text that begins with ? in quotes",
  }],
  ["<", {
    code: "merge-key",
    message: "Merge keys (<<) are not part of the language",
    hint: "Write the keys out, and put a text that begins with < in quotes",
  }],
  ["@", reserved],
  ["`", reserved],
  ["=", reserved],
  [":", reserved],
  ["#", reserved],
]);

/**
 * Tells why nothing may begin with a character.
 *
 * @returns The reason, or `undefined` if the character is not refused.
 */
export function refusal(character: string): Refusal | undefined {
  return refusals.get(character);
}
