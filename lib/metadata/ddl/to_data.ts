import type { Entry, Node } from "./ast.ts";

/** A value as YAML parsers give it. */
export type Data = string | number | boolean | null | Date | Data[] | { [key: string]: Data };

/**
 * Turns a node into plain data, exactly as `@std/yaml` reads the same text: texts, numbers, booleans, null, `Date` for
 * times without quotes (which knows milliseconds only), arrays, and objects whose keys are all their own (`__proto__` included).
 *
 * @param node A node without mistakes; an invalid one gives null.
 */
export function toData(node: Node): Data {
  switch (node.kind) {
    case "mapping":
      return mappingData(node.entries);
    case "sequence":
      return node.items.map(({ value }) => toData(value));
    case "timestamp":
      return new Date(node.value);
    case "invalid":
      return null;
    default:
      return node.value;
  }
}

function mappingData(entries: readonly Entry[]): { [key: string]: Data } {
  const data: { [key: string]: Data } = {};
  for (const { key, value } of entries) {
    Object.defineProperty(data, key, { value: toData(value), writable: true, enumerable: true, configurable: true });
  }
  return data;
}
