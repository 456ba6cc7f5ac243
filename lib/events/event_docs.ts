import { fieldsOf } from "./event_check.ts";
import { allEventTypes } from "./event_pattern.ts";
import type { Field } from "./event_schema.ts";
import { type EventType, eventTypes } from "./event_types.ts";

/** Writes the documentation of all events as Markdown: a heading a type, what it means, and a table of its fields. */
export function eventDocs(): string {
  return allEventTypes.map(sectionOf).join("\n");
}

/** The JSON form of all events as a JSON Schema (draft 2020-12), for those who read the live feed by program. */
export function eventJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "dfs event",
    oneOf: allEventTypes.map((type) => ({
      description: eventTypes[type].doc,
      type: "object",
      required: ["type", "id", "time", "origin", "detail"],
      properties: {
        type: { const: type },
        id: { type: "integer", minimum: 0 },
        time: { type: "string", format: "date-time" },
        origin: { type: "string" },
        detail: detailSchema(type),
      },
    })),
  };
}

function sectionOf(type: EventType): string {
  const { doc, level, audit } = eventTypes[type];
  const rows = Object.entries(fieldsOf(type)).map(([name, field]) =>
    `| \`${name}\` | ${kindText(field)} | ${field.optional ? "no" : "yes"} | ${field.doc} |`
  );
  return [
    `### \`${type}\``,
    "",
    `${doc}. Level \`${level}\`${audit ? ", kept in the audit journal" : ""}.`,
    "",
    "| field | kind | always there | meaning |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function kindText(field: Field): string {
  return field.values === undefined ? field.kind : field.values.map((value) => `\`${value}\``).join(" or ");
}

function detailSchema(type: EventType): Readonly<Record<string, unknown>> {
  const fields = Object.entries(fieldsOf(type));
  return {
    type: "object",
    required: fields.filter(([, field]) => !field.optional).map(([name]) => name),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field)])),
  };
}

function fieldSchema({ kind, doc, values }: Field): Readonly<Record<string, unknown>> {
  const minimum = kind === "integer" ? { minimum: 0 } : {};
  return { type: kind, description: doc, ...minimum, ...(values === undefined ? {} : { enum: values }) };
}
