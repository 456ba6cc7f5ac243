/**
 * Header fields as received: names keep their case and order, look-ups ignore case (RFC 9110 section 5.1).
 *
 * @example
 * ```ts
 * import { HttpHeaders } from "./http_headers.ts";
 * import { assertEquals } from "@std/assert";
 * const headers = new HttpHeaders([["Accept", "text/html"], ["accept", "text/plain"]]);
 * assertEquals(headers.get("ACCEPT"), "text/html, text/plain");
 * ```
 */
export class HttpHeaders implements Iterable<[string, string]> {
  readonly #fields: readonly (readonly [string, string])[];

  constructor(fields: readonly (readonly [string, string])[] = []) {
    this.#fields = fields;
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#fields.length;
  }

  /** The value of a field; several lines are joined by `, ` (RFC 9110 section 5.3), `Cookie` lines by `; `. */
  get(name: string): string | undefined {
    const values = this.getAll(name);
    if (values.length < 2) return values[0];
    return values.join(name.toLowerCase() === "cookie" ? "; " : ", ");
  }

  /** The values of all lines of a field, in the order received. */
  getAll(name: string): string[] {
    const key = name.toLowerCase();
    return this.#fields.filter(([field]) => field.toLowerCase() === key).map(([, value]) => value);
  }

  /** Says whether a field is there. */
  has(name: string): boolean {
    return this.getAll(name).length > 0;
  }

  /** The fields as `[name, value]`, as received. */
  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const [name, value] of this.#fields) yield [name, value];
  }
}
