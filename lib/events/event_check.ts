import { correlationFields } from "./correlation.ts";
import { isEventType } from "./event_pattern.ts";
import type { Field, Fields } from "./event_schema.ts";
import { type AnyEvent, type EventType, eventTypes } from "./event_types.ts";

/**
 * Checks an event that came from outside the type system against the table of events.
 *
 * @returns What is wrong with it; `undefined` if it is an event.
 */
export function eventProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return "An event is an object";
  const { type, id, time, origin, detail } = value;
  if (typeof type !== "string" || !isEventType(type)) return `No event has the type ${JSON.stringify(type)}`;
  if (!isCount(id)) return `The id of an event is a whole number, not ${JSON.stringify(id)}`;
  if (!isCount(time)) return `The time of an event is a number of milliseconds, not ${JSON.stringify(time)}`;
  if (typeof origin !== "string" || origin === "") return "An event has an origin";
  if (!isRecord(detail)) return "The detail of an event is an object";
  const fields = fieldsOf(type);
  for (const name in fields) {
    const problem = fieldProblem(fields[name]!, detail[name]);
    if (problem !== undefined) return `The field "${name}" of "${type}" ${problem}`;
  }
  return undefined;
}

/** Says whether a value is an event, in the form it has in memory. */
export function isEvent(value: unknown): value is AnyEvent {
  return eventProblem(value) === undefined;
}

/** All fields of a type of event: its own, and those that tie it to others. */
export function fieldsOf(type: EventType): Fields {
  return allFields[type]!;
}

const allFields: Readonly<Record<string, Fields>> = Object.fromEntries(
  Object.entries(eventTypes).map(([type, { fields }]) => [type, { ...correlationFields, ...fields }]),
);

function fieldProblem(field: Field, value: unknown): string | undefined {
  if (value === undefined) return field.optional ? undefined : "is missing";
  if (!hasKind(field, value)) return `is not a ${field.kind}`;
  if (field.values === undefined || field.values.some((allowed) => allowed === value)) return undefined;
  return `is ${JSON.stringify(value)}, not one of ${field.values.join(", ")}`;
}

function hasKind(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case "integer":
      return isCount(value);
    case "number":
      return Number.isFinite(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Says whether a value is an object with fields, as JSON has them. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
