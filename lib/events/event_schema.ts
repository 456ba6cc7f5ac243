/** What the value of a {@linkcode Field} is. Counts, bytes and revisions are `integer`; durations are `number`. */
export type FieldKind = "string" | "integer" | "number" | "boolean";

/** One field of an event: its kind, what it means, and whether it may be missing. */
export interface Field<Value = unknown, Optional extends boolean = boolean> {
  /** What the value is in JSON. */
  readonly kind: FieldKind;
  /** What the value means, with its unit: one phrase. */
  readonly doc: string;
  /** Whether the field may be missing. */
  readonly optional: Optional;
  /** The only values allowed, where there are only a few. */
  readonly values?: readonly string[];
  /** Carries the type of the value for the compiler; never set. */
  readonly valueType?: Value;
}

/** The fields of one event, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** How important an event or a line of the log is. */
export type Level = "debug" | "info" | "warn" | "error";

/** One type of event as the schema declares it: everything else about it is derived from this. */
export interface EventDeclaration<F extends Fields = Fields> {
  /** When it happens: one sentence. */
  readonly doc: string;
  /** The level at which the logger writes it. */
  readonly level: Level;
  /** Whether it belongs in the audit journal: somebody did something that others may ask about later. */
  readonly audit: boolean;
  /** What it carries. */
  readonly fields: F;
}

/** What a field holds: `string` for one made by {@linkcode text}. */
export type ValueOf<F> = F extends Field<infer Value, boolean> ? Value : never;
/** The names of the fields that an event may come without. */
export type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F];
/** The names of the fields that every event has. */
export type RequiredKeys<F extends Fields> = Exclude<keyof F, OptionalKeys<F>>;

/** The payload that some fields describe. */
export type PayloadOf<F extends Fields> =
  & { readonly [K in RequiredKeys<F>]: ValueOf<F[K]> }
  & { readonly [K in OptionalKeys<F>]?: ValueOf<F[K]> };

/** Declares a field that holds text. */
export function text(doc: string): Field<string, false> {
  return { kind: "string", doc, optional: false };
}

/** Declares a field that holds one of a few words. */
export function oneOf<const V extends string>(values: readonly V[], doc: string): Field<V, false> {
  return { kind: "string", doc, optional: false, values };
}

/** Declares a field that holds a whole number from zero up: a count, bytes, a revision. */
export function integer(doc: string): Field<number, false> {
  return { kind: "integer", doc, optional: false };
}

/** Declares a field that holds any finite number: a duration. */
export function number(doc: string): Field<number, false> {
  return { kind: "number", doc, optional: false };
}

/** Declares a field that holds yes or no. */
export function flag(doc: string): Field<boolean, false> {
  return { kind: "boolean", doc, optional: false };
}

/** Makes a field one that may be missing. */
export function optional<V>(field: Field<V, false>): Field<V, true> {
  return { ...field, optional: true };
}
