const space = /[ \t\n\r]*/y;
// deno-lint-ignore no-control-regex
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** What may come next. */
type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end" | "nothing";

/**
 * Finds where a text that `JSON.parse` refuses stops being JSON (RFC 8259); V8 tells it only now and then.
 *
 * @returns The offset in UTF-16 code units; the length of the text if it ends early, or is JSON after all.
 */
export function jsonErrorOffset(source: string): number {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  const skip = (token: RegExp): boolean => {
    token.lastIndex = at;
    if (!token.test(source)) return false;
    at = token.lastIndex;
    return true;
  };
  const after = (): Expected => open.length === 0 ? "nothing" : "comma or end";
  for (skip(space); at < source.length; skip(space)) {
    const character = source[at]!;
    const closes = character === (open.at(-1) === "{" ? "}" : "]") && open.length > 0;
    if (closes && expected.endsWith("or end")) {
      open.pop();
      at++;
      expected = after();
    } else if (expected === "value" || expected === "value or end") {
      if (character === "{" || character === "[") {
        open.push(character);
        at++;
        expected = character === "{" ? "key or end" : "value or end";
      } else if (skip(text) || skip(scalar)) expected = after();
      else return at;
    } else if (expected === "key" || expected === "key or end") {
      if (!skip(text)) return at;
      expected = "colon";
    } else if (expected === "colon" && character === ":") {
      at++;
      expected = "value";
    } else if (expected === "comma or end" && character === ",") {
      at++;
      expected = open.at(-1) === "{" ? "key" : "value";
    } else return at;
  }
  return at;
}
