import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  allEventTypes,
  type AnyEvent,
  eventFromJson,
  eventProblem,
  eventToJson,
  type Field,
  fieldsOf,
  isEvent,
} from "../../lib/events/mod.ts";

/** Any event at all, made from the table of events. */
const anyEvent: fc.Arbitrary<AnyEvent> = fc.constantFrom(...allEventTypes).chain((type) =>
  fc.record({
    type: fc.constant(type),
    id: fc.nat(),
    time: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
    origin: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    detail: fc.record(
      Object.fromEntries(Object.entries(fieldsOf(type)).map(([name, field]) => [name, valueOf(field)])),
      {
        requiredKeys: Object.entries(fieldsOf(type)).filter(([, field]) => !field.optional).map(([name]) => name),
      },
    ),
  })
).filter(isEvent);

function valueOf(field: Field): fc.Arbitrary<unknown> {
  if (field.values !== undefined) return fc.constantFrom(...field.values);
  switch (field.kind) {
    case "string":
      return fc.string({ unit: "grapheme" });
    case "integer":
      return fc.nat();
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case "boolean":
      return fc.boolean();
  }
}

Deno.test("eventFromJson() reads back what eventToJson() wrote, through JSON text", () => {
  fc.assert(fc.property(anyEvent, (event) => {
    const read = eventFromJson(JSON.parse(JSON.stringify(eventToJson(event))));
    assertEquals(read, { ok: true, value: event });
  }));
});

Deno.test("eventFromJson() leaves out fields it does not know", () => {
  const json = {
    type: "sync.failed",
    id: 1,
    time: "2026-01-02T03:04:05.006Z",
    origin: "main",
    detail: { space: "s", error: "x", future: 1, __proto__: { client: "inherited" } },
    more: true,
  };
  const read = eventFromJson(json);
  assert(read.ok);
  assertEquals(read.value.detail, { space: "s", error: "x" });
});

Deno.test("eventFromJson() names what is wrong", () => {
  const good = {
    type: "sync.failed",
    id: 1,
    time: "2026-01-02T03:04:05Z",
    origin: "m",
    detail: { space: "s", error: "x" },
  };
  const cases: [unknown, RegExp][] = [
    [null, /object/],
    [{ ...good, type: "sync.done" }, /No event has the type "sync.done"/],
    [{ ...good, type: "toString" }, /No event has the type/],
    [{ ...good, id: -1 }, /id/],
    [{ ...good, id: "1" }, /id/],
    [{ ...good, time: "yesterday" }, /Not a time: "yesterday"/],
    [{ ...good, origin: "" }, /origin/],
    [{ ...good, detail: [] }, /detail/],
    [{ ...good, detail: { space: "s" } }, /"error" of "sync.failed" is missing/],
    [{ ...good, detail: { space: 5, error: "x" } }, /"space" of "sync.failed" is not a string/],
    [{ ...good, type: "sync.started", detail: { space: "s", direction: "up" } }, /"up", not one of push, pull, sync/],
  ];
  for (const [json, expected] of cases) {
    const read = eventFromJson(json);
    assert(!read.ok && expected.test(read.error), JSON.stringify(read));
  }
});

Deno.test("eventProblem() refuses numbers that are none", () => {
  const event = { type: "server.stopping", id: 1, time: 0, origin: "m", detail: { reason: "x" } };
  assertEquals(eventProblem(event), undefined);
  for (const id of [NaN, Infinity, 1.5, 2 ** 53]) assert(eventProblem({ ...event, id }) !== undefined);
});
