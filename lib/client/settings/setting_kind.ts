import { err, formatDuration, formatExactBytes, ok, parseBytes, parseDuration, type Result } from "../../core/mod.ts";

/** A kind of value: how it is read and written. */
export interface SettingKind<T> {
  /** What stands for the value in a usage line. */
  readonly placeholder: string;
  /** What it has to be, as it completes "must be". */
  readonly expected: string;
  /** Whether it may be given several times; the values of options, environment and file then add up. */
  readonly repeatable?: boolean;
  /** Reads what was given on the command line or in the environment; the error is the part that is wrong. */
  fromTexts(texts: readonly string[]): Result<T, string>;
  /** Reads what a file says; the error is the part that is wrong. */
  fromData(data: unknown): Result<T, string>;
  /** Writes it for people, as `fromTexts` reads it. */
  toText(value: T): string;
  /** Joins what a stronger and a weaker source say; the stronger one alone counts if this is missing. */
  join?(stronger: T, weaker: T): T;
}

/** A kind that is written as one text or as one plain value of YAML. */
function scalarKind<T>(spec: {
  readonly placeholder: string;
  readonly expected: string;
  readonly fromText: (text: string) => T | undefined;
  readonly fromNumber?: (value: number) => T | undefined;
  readonly toText: (value: T) => string;
}): SettingKind<T> {
  const { placeholder, expected, fromText, fromNumber, toText } = spec;
  const given = (value: T | undefined, shown: string): Result<T, string> =>
    value === undefined ? err(shown) : ok(value);
  return {
    placeholder,
    expected,
    fromTexts: (texts) => {
      const text = texts.at(-1) ?? "";
      return given(fromText(text), JSON.stringify(text));
    },
    fromData: (data) => {
      if (typeof data === "string") return given(fromText(data), JSON.stringify(data));
      return given(typeof data === "number" ? fromNumber?.(data) : undefined, showData(data));
    },
    toText,
  };
}

/** What YAML gave, short enough for a message. */
export function showData(data: unknown): string {
  const text = JSON.stringify(data) ?? String(data);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

/** Any text that is not empty. */
export function textKind(placeholder: string, expected: string): SettingKind<string> {
  return scalarKind({
    placeholder,
    expected,
    fromText: (text) => text === "" ? undefined : text,
    toText: (value) => value,
  });
}

/** One of some words. */
export function choiceKind<const T extends string>(words: readonly T[]): SettingKind<T> {
  return scalarKind({
    placeholder: words.join("|"),
    expected: words.join(" or "),
    fromText: (text) => words.find((word) => word === text),
    toText: (value) => value,
  });
}

/** A whole number from `min` to `max`. */
export function countKind(range: { readonly min: number; readonly max: number }): SettingKind<number> {
  const within = (value: number): number | undefined => {
    return Number.isSafeInteger(value) && value >= range.min && value <= range.max ? value : undefined;
  };
  return scalarKind({
    placeholder: "N",
    expected: `a whole number from ${range.min} to ${range.max}`,
    fromText: (text) => /^\d{1,15}$/.test(text) ? within(Number(text)) : undefined,
    fromNumber: within,
    toText: String,
  });
}

/** A part of the whole, as a number from 0 to 1 or in percent. */
export const shareKind: SettingKind<number> = scalarKind({
  placeholder: "SHARE",
  expected: "a share such as 0.25 or 25%",
  fromText: (text) => {
    const match = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(text);
    return match === null ? undefined : shareOf(Number(match[1]) / (match[2] === "%" ? 100 : 1));
  },
  fromNumber: shareOf,
  toText: String,
});

function shareOf(value: number): number | undefined {
  return value >= 0 && value <= 1 ? value : undefined;
}

/** The slowest rate that can be set: below it, the other side may take a transfer for dead. */
const rateMin = 10_000;

/** Bytes a second. */
export const rateKind: SettingKind<number> = scalarKind({
  placeholder: "RATE",
  expected: `bytes a second such as 500K, 2MB or 65536, ${formatExactBytes(rateMin)} at least`,
  fromText: (text) => rateOf(parseBytes(text)),
  fromNumber: rateOf,
  toText: formatExactBytes,
});

function rateOf(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= rateMin ? value : undefined;
}

/**
 * A length of time, in milliseconds; a plain number counts milliseconds.
 *
 * @param min The shortest that makes sense, in milliseconds.
 */
export function durationKind(min: number): SettingKind<number> {
  const within = (ms: number | undefined): number | undefined => {
    return ms !== undefined && Number.isSafeInteger(ms) && ms >= min ? ms : undefined;
  };
  return scalarKind({
    placeholder: "TIME",
    expected: `a time such as 500ms, 2s, 10m or 1d${min > 0 ? `, ${formatDuration(min)} at least` : ""}`,
    fromText: (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : parseDuration(text)),
    fromNumber: within,
    toText: formatDuration,
  });
}

/** A kind whose value may be missing. */
export function maybe<T>(kind: SettingKind<T>): SettingKind<T | undefined> {
  const { placeholder, expected, fromTexts, fromData } = kind;
  return {
    placeholder,
    expected,
    fromTexts,
    fromData,
    toText: (value) => value === undefined ? "" : kind.toText(value),
  };
}

/** A kind that can be turned off by the word `off`, so that a stronger source can take back what a weaker one says. */
export function orOff<T>(kind: SettingKind<T>): SettingKind<T | undefined> {
  return {
    placeholder: kind.placeholder,
    expected: `${kind.expected}, or off`,
    fromTexts: (texts) => texts.at(-1) === "off" ? ok(undefined) : kind.fromTexts(texts),
    fromData: (data) => data === "off" || data === false ? ok(undefined) : kind.fromData(data),
    toText: (value) => value === undefined ? "off" : kind.toText(value),
  };
}
