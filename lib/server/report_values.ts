import { HttpError } from "../network/mod.ts";

/** An id of a client: visible ASCII, as a UUID is. */
const clientPattern = /^[!-~]{1,300}$/;

/** The members of a report, by name. */
export type ReportFields = ReadonlyMap<string, unknown>;

/** The members of a JSON object; throws a 400 if it is none. */
export function reportFields(data: unknown, what = "A report"): ReportFields {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return new Map(Object.entries(data));
  throw new HttpError(400, `${what} is a JSON object`);
}

/** The client that reports. */
export function clientId(fields: ReportFields): string {
  const client = fields.get("client");
  if (typeof client === "string" && clientPattern.test(client)) return client;
  throw wrong("client", "up to 300 letters, digits and signs", client);
}

/** Which way a run carries changes. */
export function direction(value: unknown, name = "direction"): "push" | "pull" | "sync" {
  if (value === "push" || value === "pull" || value === "sync") return value;
  throw wrong(name, "push, pull or sync", value);
}

/** A length of time. */
export function milliseconds(value: unknown, name: string): number {
  if (typeof value === "number" && value >= 0) return value;
  throw wrong(name, "a number of milliseconds", value);
}

/** A count, a revision. */
export function wholeNumber(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(name, "a whole number", value);
}

/** What to throw of a member that is not as it must be. */
export function wrong(name: string, expected: string, value: unknown): HttpError {
  return new HttpError(400, `The member ${name} must be ${expected}, got ${JSON.stringify(value) ?? "nothing"}`);
}
