import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { allEventTypes, eventDocs, eventJsonSchema, eventTypes, fieldsOf } from "../../lib/events/mod.ts";

Deno.test("eventDocs() tells of every type and every field", () => {
  const docs = eventDocs();
  for (const type of allEventTypes) {
    const section = docs.split("### ").find((text) => text.startsWith(`\`${type}\``));
    assert(section !== undefined, type);
    assertStringIncludes(section, eventTypes[type].doc);
    for (const [name, field] of Object.entries(fieldsOf(type))) {
      assertStringIncludes(section, `| \`${name}\` |`);
      assertStringIncludes(section, field.doc);
    }
  }
});

Deno.test("eventJsonSchema() has one alternative a type, with the fields that must be there", () => {
  const { oneOf } = eventJsonSchema();
  assert(Array.isArray(oneOf));
  assertEquals(oneOf.map((one) => one.properties.type.const), [...allEventTypes]);
  const started = oneOf.find((one) => one.properties.type.const === "sync.started");
  assertEquals(started.properties.detail.required.toSorted(), ["direction", "space"]);
  assertEquals(started.properties.detail.properties.direction.enum, ["push", "pull", "sync"]);
});

Deno.test("every event is declared in full", () => {
  for (const type of allEventTypes) {
    assert(/^[a-z]+\.[a-z_]+$/.test(type), type);
    assert(/^[A-Z].*[^.]$/.test(eventTypes[type].doc), `The doc of ${type} is a sentence without a period`);
  }
});
