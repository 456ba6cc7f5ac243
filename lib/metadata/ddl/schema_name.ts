import { isBlankAt } from "./lines.ts";
import { entryKeys, replicaKeys, rootKey, syncStateKeys } from "./metadata_keys.ts";

const slots = 64;

/** The names of the schema, each at a place that follows from its first two characters. */
const names: readonly string[] = placeNames([rootKey, ...entryKeys, ...syncStateKeys, ...replicaKeys]);

/**
 * Finds a key of the schema at an offset, faster than one of any name, and as the schema's own string: reading a million
 * entries makes no million copies of `version`, and comparing two keys is mostly comparing two addresses.
 *
 * @returns The name, or `undefined` if none stands there with a colon and a space or line break behind it.
 */
export function schemaName(source: string, start: number): string | undefined {
  const name = names[slot(source, start)] ?? "";
  const end = start + name.length;
  for (let at = start; at < end; at++) {
    if (name.charCodeAt(at - start) !== source.charCodeAt(at)) return undefined;
  }
  return end > start && source.charCodeAt(end) === 0x3a && isBlankAt(source, end + 1) ? name : undefined;
}

/** A place for the name at an offset. No two names of the schema share one; the table checks that when it is built. */
function slot(source: string, start: number): number {
  return (source.charCodeAt(start) * 3 + source.charCodeAt(start + 1)) & (slots - 1);
}

function placeNames(all: readonly string[]): string[] {
  const table = new Array<string>(slots).fill("");
  for (const name of all) {
    const place = slot(name, 0);
    if (table[place] !== "" && table[place] !== name) throw new RangeError(`${name} and ${table[place]} share a place`);
    table[place] = name;
  }
  return table;
}
