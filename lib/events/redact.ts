/** What stands where a secret stood. */
export const redactedText = "[redacted]";

const secretName =
  /(?:token|secret|password|passwd|passphrase|authorization|cookie|credentials?|(?:api|private|access)[_-]?key)$/i;

const secretPatterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|Digest)(\s+)[^\s,;"']+/gi, `$1$2${redactedText}`],
  [/(:\/\/)[^\s/@]*:[^\s/@]*@/g, `$1${redactedText}@`],
  [
    /((?:token|secret|password|passwd|passphrase|authorization|cookie|signature|(?:api|private|access)[_-]?key)["']?\s*[=:]\s*["']?)(?!\[redacted\]|(?:Bearer|Basic|Digest)\b)[^\s&,;"'}]+/gi,
    `$1${redactedText}`,
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redactedText],
];

/**
 * Takes secrets out of a text: what follows `Bearer`, passwords in URLs, `token=...` and the like, private keys.
 *
 * It is the second line of defence: whoever emits an event leaves secrets out in the first place.
 *
 * @example
 * ```ts
 * import { redact } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(redact("GET /?token=abc&x=1"), "GET /?token=[redacted]&x=1");
 * ```
 */
export function redact(text: string): string {
  return secretPatterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}

/** Takes secrets out of a value of any depth: by the names of its fields, and out of every text in it. */
export function redactValue(value: unknown, name = ""): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (secretName.test(name)) return redactedText;
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object") return value;
  if (value instanceof Error) return redact(`${value.name}: ${value.message}`);
  if (Array.isArray(value)) return value.map((item) => redactValue(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, key)]));
}
