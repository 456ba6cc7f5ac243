import { type Hash, parseHash, parseSafePath, type SafePath } from "../../core/mod.ts";
import { isPlainPath } from "../ddl/is_plain_path.ts";
import { parseFileTime } from "../ddl/timestamp.ts";
import type { FileTime } from "../file_time.ts";
import { type JsonProblem, pointerTo } from "./json_problem.ts";

/** The members of one object, and where to tell of what is wrong with them. */
export class JsonFields {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #pointer: string;
  readonly #problems: JsonProblem[];

  /**
   * Reads nothing yet.
   *
   * @param pointer Where the object lies in the body.
   */
  constructor(members: Readonly<Record<string, unknown>>, pointer: string, problems: JsonProblem[]) {
    this.#members = members;
    this.#pointer = pointer;
    this.#problems = problems;
  }

  /** A member as it is; `undefined` if it is missing or null. */
  value(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] ?? undefined : undefined;
  }

  /** Tells of a mistake in a member. Each reader below does so and then gives `undefined`. */
  wrong(name: string, message: string, expected?: string): undefined {
    const pointer = pointerTo(this.#pointer, name);
    this.#problems.push(expected === undefined ? { pointer, message } : { pointer, message, expected });
    return undefined;
  }

  /** Tells that a member is not there. */
  missing(name: string, expected: string): undefined {
    this.#problems.push({ pointer: this.#pointer, message: `The member "${name}" is missing`, expected });
    return undefined;
  }

  /** A path inside the space. */
  path(name: string): SafePath | undefined {
    const value = this.value(name);
    if (value === undefined) return this.missing(name, "a path inside the space");
    if (typeof value !== "string") return this.wrong(name, `The path is ${kindOf(value)}`, "a text");
    if (isPlainPath(value)) return value;
    const path = parseSafePath(value);
    return path.ok ? path.value : this.wrong(name, path.error, "a path inside the space, its parts separated by /");
  }

  /** An integer from 0 to 2^53 - 1. */
  count(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) {
      return value as number | undefined;
    }
    const shown = typeof value === "number" ? String(value) : kindOf(value);
    return this.wrong(name, `The value of "${name}" cannot be ${shown}`, "an integer from 0 to 2^53 - 1");
  }

  /** One of some words. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const value = this.value(name);
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined || value === undefined) return word;
    const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : kindOf(value);
    return this.wrong(name, `The value of "${name}" cannot be ${shown}`, `one of ${words.join(", ")}`);
  }

  /** A text that is not empty. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === "string" && value !== "" && value.isWellFormed())) return value;
    return this.wrong(name, `The value of "${name}" cannot be ${kindOf(value)}`, "a text of Unicode that is not empty");
  }

  /** A hash. */
  hash(name: string): Hash | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const hash = typeof value === "string" ? parseHash(value) : undefined;
    if (hash !== undefined) return hash;
    return this.wrong(name, `The value of "${name}" is no SHA-256`, "sha256: and 64 hexadecimal digits");
  }

  /** A time: a text to the nanosecond, or a number of milliseconds since 1970. */
  time(name: string): FileTime | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value)) return { mtimeMs: value as number };
    const time = typeof value === "string" ? parseFileTime(value) : undefined;
    if (time !== undefined) return time;
    return this.wrong(name, `The value of "${name}" is no time`, "2024-01-15T10:30:00Z, or milliseconds since 1970");
  }

  /** Permission bits in octal. */
  mode(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === "string" && /^0?[0-7]{3,4}$/.test(value)) return Number.parseInt(value, 8);
    return this.wrong(name, `The value of "${name}" are no permissions`, 'an octal number as a text: "0644"');
  }
}

/** Says whether a value is an object with members. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a person calls a value. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return "null";
  if (value === "") return "an empty text";
  return { string: "a text", number: "a number", boolean: "true or false" }[typeof value as string] ?? "an object";
}
