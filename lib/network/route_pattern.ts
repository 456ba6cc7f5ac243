/** One segment of a route pattern. */
export type PatternSegment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "tail"; readonly name: string };

/**
 * Takes a route pattern apart: `/`, then segments that are literal text (as it reads decoded), `:name` for one segment,
 * or, at the end only, `*name` for all that is left. Throws a `TypeError` if the pattern is none.
 */
export function parseRoutePattern(pattern: string): readonly PatternSegment[] {
  if (!pattern.startsWith("/")) throw new TypeError(`A route pattern begins with a slash: ${JSON.stringify(pattern)}`);
  const segments = pattern.slice(1).split("/").map(parseSegment);
  const names = segments.flatMap((segment) => segment.kind === "static" ? [] : [segment.name]);
  if (names.includes("")) throw new TypeError(`A parameter has no name in ${JSON.stringify(pattern)}`);
  if (new Set(names).size < names.length) {
    throw new TypeError(`Two parameters have the same name in ${JSON.stringify(pattern)}`);
  }
  if (segments.slice(0, -1).some((segment) => segment.kind === "tail")) {
    throw new TypeError(`A tail parameter stands before the end of ${JSON.stringify(pattern)}`);
  }
  return segments;
}

function parseSegment(text: string): PatternSegment {
  if (text.startsWith(":")) return { kind: "param", name: text.slice(1) };
  if (text.startsWith("*")) return { kind: "tail", name: text.slice(1) };
  return { kind: "static", text };
}
