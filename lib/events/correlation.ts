import { optional, type PayloadOf, text } from "./event_schema.ts";

/**
 * The fields that tie events together. Every event may carry them in its payload; where an event's own fields name one,
 * it must.
 */
export const correlationFields = {
  space: optional(text("name of the space")),
  session: optional(text("id of the session")),
  client: optional(text("id of the client that acted")),
  path: optional(text("path inside the space")),
} as const;

/** What ties an event to a space, a session, a client and a path, as far as it is known. */
export type Correlation = PayloadOf<typeof correlationFields>;

/**
 * The part of a payload that ties the event to others.
 *
 * @example
 * ```ts
 * import { correlationOf } from "./correlation.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(correlationOf({ space: "default", revision: 7 }), { space: "default" });
 * ```
 */
export function correlationOf(detail: Correlation & Readonly<Record<string, unknown>>): Correlation {
  return {
    ...(detail.space === undefined ? {} : { space: detail.space }),
    ...(detail.session === undefined ? {} : { session: detail.session }),
    ...(detail.client === undefined ? {} : { client: detail.client }),
    ...(detail.path === undefined ? {} : { path: detail.path }),
  };
}
