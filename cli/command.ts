import { closestWord, Failure } from "../lib/core/mod.ts";
import { parseArgs } from "@std/cli";

/** One option of a command. */
export interface OptionSpec {
  /** What follows the name on the command line; a switch takes nothing. */
  readonly value?: string;
  /** What it means, in a line. */
  readonly help: string;
  /** Whether it may be given several times. */
  readonly repeatable?: boolean;
  /** The one letter that stands for it behind one dash. */
  readonly letter?: string;
}

/** One command of the program. */
export interface Command {
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** What follows the name: `[DIR]`. */
  readonly operands: string;
  /** The most operands it takes. */
  readonly operandsMax: number;
  /** Options by name, without the dashes. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Runs it; gives the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** A command as it was called. */
export interface Invocation {
  readonly operands: readonly string[];
  /** The value of an option, or `undefined`. */
  text(name: string): string | undefined;
  /** All values of an option that may be given several times. */
  texts(name: string): readonly string[];
  /** Whether a switch was given. */
  flag(name: string): boolean;
  /** The value of an option that is a whole number from `min` to `max`. */
  integer(name: string, range: { readonly min: number; readonly max: number }): number | undefined;
}

/** Exit codes, the same for every command. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3 } as const;

/**
 * Reads the arguments of a command.
 *
 * @throws {Failure} kind `usage` for what the command does not know.
 */
export function parseInvocation(command: Command, args: readonly string[]): Invocation {
  const names = Object.keys(command.options);
  const parsed = parseArgs(args, {
    boolean: names.filter((name) => command.options[name]!.value === undefined),
    string: ["_", ...names.filter((name) => command.options[name]!.value !== undefined)],
    alias: Object.fromEntries(names.flatMap((name) => {
      const { letter } = command.options[name]!;
      return letter === undefined ? [] : [[name, letter]];
    })),
    collect: names.filter((name) => command.options[name]!.repeatable),
    unknown: (arg, key) => {
      if (key === undefined) return true;
      throw new Failure("usage", `Unknown option "${arg}"`, { hint: suggestion(key, names, command) });
    },
  });
  const operands = parsed._.map(String);
  if (operands.length > command.operandsMax) {
    throw new Failure("usage", `"${operands[command.operandsMax]}" is one argument too many`, {
      hint: helpHint(command),
    });
  }
  return {
    operands,
    text: (name) => textOf(parsed[name], name),
    texts: (name) => textsOf(parsed[name], name),
    flag: (name) => parsed[name] === true,
    integer: (name, range) => integerOf(textOf(parsed[name], name), name, range),
  };
}

function textOf(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new Failure("usage", `--${name} needs a value, once`);
}

function textsOf(value: unknown, name: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  return values.flatMap((one) => textOf(one, name) ?? []);
}

function integerOf(
  text: string | undefined,
  name: string,
  range: { readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= range.min && value <= range.max) return value;
  throw new Failure("usage", `--${name} needs a whole number from ${range.min} to ${range.max}, got "${text}"`);
}

function suggestion(key: string, names: readonly string[], command: Command): string {
  const close = closestWord(key, names);
  return close === undefined ? helpHint(command) : `Did you mean --${close}?`;
}

function helpHint(command: Command): string {
  return `See dfs help ${command.name}`;
}
