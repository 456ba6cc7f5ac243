import { redact } from "../../events/mod.ts";

/** The longest text of a failure that is kept, in UTF-16 units. */
const errorUnitsMax = 1000;

/** A client's words about a failure, as they may be shown to others: of one line, no longer than needed, no secrets in them. */
export function failureText(message: string): string {
  // deno-lint-ignore no-control-regex
  return redact(message.replace(/[\u0000-\u001f\u007f]+/g, " ")).slice(0, errorUnitsMax);
}
