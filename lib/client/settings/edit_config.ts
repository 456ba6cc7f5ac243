import { parse, stringify } from "@std/yaml";

/**
 * Sets keys in the text of a configuration file and leaves everything else as it was written: other keys, comments,
 * blank lines, their order. Only where that cannot be done by whole lines (a file in flow style, say) the file is
 * written anew, without its comments and with all its keys.
 *
 * @param text YAML that holds keys and values, or nothing.
 */
export function editConfig(text: string, values: Readonly<Record<string, string>>): string {
  const data = dataOf(text);
  const target = { ...data, ...values };
  let lines = text.split(/(?<=\n)/);
  for (const [key, value] of Object.entries(values)) {
    if (data[key] !== value) lines = withLine(lines, { key, value });
  }
  const edited = lines.join("");
  return isSame(edited, target) ? edited : stringify(target, { lineWidth: -1 });
}

/** Replaces the line of a key, or puts one behind all others. */
function withLine(
  lines: readonly string[],
  { key, value }: { readonly key: string; readonly value: string },
): string[] {
  const line = stringify({ [key]: value }, { lineWidth: -1 }).trimEnd();
  const place = lines.findIndex((one) => one.startsWith(`${key}:`));
  if (place >= 0) {
    const comment = commentOf(lines[place]!.slice(key.length + 1));
    return lines.with(place, `${line}${comment}\n`);
  }
  const all = lines.join("");
  return [...lines, all === "" || all.endsWith("\n") ? `${line}\n` : `\n${line}\n`];
}

/** What stands behind a plain or quoted value, from the spaces before its `#`. */
function commentOf(rest: string): string {
  const match = /^\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#](?:[^\s]|\s(?!\s*#))*)?(\s+#.*)$/.exec(rest.trimEnd());
  return match?.[1] ?? "";
}

function dataOf(text: string): Record<string, unknown> {
  const data = parse(text);
  return typeof data === "object" && data !== null ? { ...data } : {};
}

/** Whether a text says just this. */
function isSame(text: string, target: Readonly<Record<string, unknown>>): boolean {
  try {
    const sorted = (data: Readonly<Record<string, unknown>>): unknown => Object.entries(data).sort();
    return JSON.stringify(sorted(dataOf(text))) === JSON.stringify(sorted(target));
  } catch {
    return false;
  }
}
