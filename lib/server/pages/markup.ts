/** A piece of HTML in which everything that came from outside is escaped. */
export class Markup {
  /** The HTML. */
  readonly text: string;

  /** @param text Trusted HTML; use {@linkcode markup} to put values into it. */
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Builds HTML from a template: values are escaped, other pieces of {@linkcode Markup} and lists of them are put in as they
 * are.
 *
 * @example
 * ```ts
 * import { markup } from "./markup.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(markup`<b>${"<script>"}</b>`.text, "<b>&lt;script&gt;</b>");
 * ```
 */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  return new Markup(parts.reduce((text, part, index) => text + textOf(values[index - 1]!) + part));
}

function textOf(value: string | number | Markup | readonly Markup[]): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
