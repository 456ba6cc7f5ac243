import type { SafePath } from "../core/mod.ts";
import { isObject, JsonFields, type JsonProblem, kindOf } from "../metadata/json/mod.ts";
import { decodedBytes, HttpError, type HttpRequest } from "../network/mod.ts";
import { isReservedPath } from "../sync/mod.ts";

/** How {@linkcode jsonBody} reads. */
export interface JsonBodyOptions<T> {
  /** The most bytes the body may have: 413. */
  readonly max: number;
  /** Reads the members; what is wrong with them, it notes. */
  readonly read: (fields: BodyFields) => T;
}

/** The members of a body, which are read by their names. */
export class BodyFields extends JsonFields {
  /** A path that something may be stored under. */
  storedPath(name: string): SafePath | undefined {
    const path = this.path(name);
    if (path === undefined || !isReservedPath(path)) return path;
    return this.wrong(name, `The path ${JSON.stringify(path)} is kept for dfs itself`, "another path");
  }

  /** A text that must be there. */
  required(name: string, expected: string): string | undefined {
    return this.value(name) === undefined ? this.missing(name, expected) : this.text(name);
  }

  /** An integer from 0 that must be there. */
  requiredCount(name: string, expected: string): number | undefined {
    return this.value(name) === undefined ? this.missing(name, expected) : this.count(name);
  }

  /** A list that must be there. */
  list(name: string, expected: string): readonly unknown[] | undefined {
    const value = this.value(name);
    if (value === undefined) return this.missing(name, expected);
    return Array.isArray(value) ? value : this.wrong(name, `The value of "${name}" is ${kindOf(value)}`, expected);
  }
}

/** Reads a body that is one JSON object; throws a 400 that tells every mistake by its place. */
export async function jsonBody<T>(request: HttpRequest, { max, read }: JsonBodyOptions<T>): Promise<T> {
  const body = parse(await decodedBytes(request, { max }));
  if (!isObject(body)) throw new HttpError(400, `The body is ${kindOf(body)}, and must be a JSON object`);
  const problems: JsonProblem[] = [];
  const value = read(new BodyFields(body, "", problems));
  if (problems.length > 0) throw badBody(problems);
  return value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, "The body is not JSON in UTF-8");
  }
}

/** A 400 that tells every mistake by its place. */
export function badBody(problems: readonly JsonProblem[]): HttpError {
  const { message, expected } = problems[0]!;
  const first = expected === undefined ? message : `${message}; expected ${expected}`;
  const detail = problems.length === 1 ? first : `${first}, and ${problems.length - 1} more`;
  return new HttpError(400, detail, { title: "Invalid request", extensions: { errors: problems } });
}
