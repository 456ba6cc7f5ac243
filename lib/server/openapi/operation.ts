/** A part of an OpenAPI document. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The operations of paths, by OpenAPI path (`/a/{b}`), then by method in lower case. */
export type Paths = Readonly<Record<string, Readonly<Record<string, { readonly [name: string]: Json }>>>>;

/** What an operation is described by. */
export interface OperationSpec {
  readonly summary: string;
  readonly description?: string;
  /** Parameters, made by {@linkcode inPath}, {@linkcode inQuery} and {@linkcode inHeader}. */
  readonly parameters?: readonly Json[];
  /** By media type the schema of the request's content. */
  readonly body?: Readonly<Record<string, Json>>;
  /** By media type the schema of the answer's content; an answer without content has none. */
  readonly answer?: Readonly<Record<string, Json>>;
  /** The statuses of success; 200 unless told. */
  readonly success?: readonly number[];
  /** What else it answers, by status, as problem details (RFC 9457). */
  readonly problems?: Readonly<Record<number, string>>;
}

/** Describes an operation. */
export function operation(tag: string, spec: OperationSpec): { readonly [name: string]: Json } {
  const { summary, description, parameters = [], body, answer, success = [200], problems = {} } = spec;
  const responses: Record<string, Json> = {};
  for (const status of success) {
    responses[status] = { description: "Done", ...(answer === undefined ? {} : { content: content(answer) }) };
  }
  for (const [status, description] of Object.entries(problems)) {
    responses[status] = { description, content: content({ "application/problem+json": schemaOf("Problem") }) };
  }
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(body) } }),
    responses,
  };
}

/** Refers to a schema of the document. */
export function schemaOf(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** A parameter in the path. */
export function inPath(name: string, description: string): Json {
  return { name, in: "path", required: true, description, schema: { type: "string" } };
}

/** A parameter in the query. */
export function inQuery(
  name: string,
  description: string,
  options: { readonly schema?: Json; readonly required?: boolean } = {},
): Json {
  const { schema = { type: "string" }, required = false } = options;
  return { name, in: "query", required, description, schema };
}

/** A header field. */
export function inHeader(name: string, description: string): Json {
  return { name, in: "header", required: false, description, schema: { type: "string" } };
}

/** The text of a schema that says no more than its type. */
export const text: Json = { type: "string" };
/** Bytes. */
export const bytes: Json = { type: "string", format: "binary" };
/** A count, a length, a version. */
export const count: Json = { type: "integer", minimum: 0 };

function content(schemas: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}
