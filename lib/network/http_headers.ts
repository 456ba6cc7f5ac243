import { isBlank, matchesIgnoringCase } from "./grammar.ts";

const noOffsets: readonly number[] = [];

/**
 * Header fields as received: names keep their case and order, look-ups ignore case (RFC 9110 section 5.1).
 *
 * A bare object of this class over the text of a head costs nothing until a field is asked for.
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
  /** The text that the offsets point into. */
  #text: string;
  /** Four numbers a field: start and end of the name, start and end of the value. */
  #offsets: readonly number[];

  /**
   * Copies fields in their order; names may repeat, and keep their case.
   *
   * @param fields Names and values; none unless given.
   */
  constructor(fields?: Iterable<readonly [string, string]>) {
    this.#text = "";
    this.#offsets = noOffsets;
    if (fields === undefined) return;
    let text = "";
    const offsets: number[] = [];
    for (const [name, value] of fields) {
      const nameEnd = text.length + name.length;
      offsets.push(text.length, nameEnd, nameEnd, nameEnd + value.length);
      text += name + value;
    }
    this.#text = text;
    this.#offsets = offsets;
  }

  /**
   * Fields that lie in the text of a head.
   *
   * @param text The head.
   * @param offsets Four numbers a field: start and end of the name, start and end of the value. White space at the end
   * of a value is not part of it (RFC 9112 section 5.1) and is dropped here.
   */
  static fromHead(text: string, offsets: readonly number[]): HttpHeaders {
    const headers = new HttpHeaders();
    headers.#text = text;
    headers.#offsets = offsets;
    return headers;
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#offsets.length / 4;
  }

  /** Name of the field line at `index`, as received. */
  nameAt(index: number): string {
    return this.#text.substring(this.#offsets[index * 4]!, this.#offsets[index * 4 + 1]!);
  }

  /** Value of the field line at `index`. */
  valueAt(index: number): string {
    const start = this.#offsets[index * 4 + 2]!;
    let end = this.#offsets[index * 4 + 3]!;
    while (end > start && isBlank(this.#text.charCodeAt(end - 1))) end--;
    return this.#text.substring(start, end);
  }

  /** Says whether the field line at `index` has this name, which is in lower case. */
  isNamed(index: number, lowerName: string): boolean {
    const start = this.#offsets[index * 4]!;
    return this.#offsets[index * 4 + 1]! - start === lowerName.length &&
      matchesIgnoringCase(this.#text, start, lowerName);
  }

  /** The value of a field; several lines are joined by `, ` (RFC 9110 section 5.3), `Cookie` lines by `; `. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    let joined: string | undefined;
    for (let i = 0; i < this.size; i++) {
      if (!this.isNamed(i, key)) continue;
      joined = joined === undefined ? this.valueAt(i) : joined + (key === "cookie" ? "; " : ", ") + this.valueAt(i);
    }
    return joined;
  }

  /** The values of all lines of a field, in the order received. */
  getAll(name: string): string[] {
    const key = name.toLowerCase();
    const values: string[] = [];
    for (let i = 0; i < this.size; i++) if (this.isNamed(i, key)) values.push(this.valueAt(i));
    return values;
  }

  /** Says whether a field is there. */
  has(name: string): boolean {
    const key = name.toLowerCase();
    for (let i = 0; i < this.size; i++) if (this.isNamed(i, key)) return true;
    return false;
  }

  /** The fields as `[name, value]`, as received. */
  *[Symbol.iterator](): Iterator<[string, string]> {
    for (let i = 0; i < this.size; i++) yield [this.nameAt(i), this.valueAt(i)];
  }
}
