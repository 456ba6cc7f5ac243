import { Failure, type FailureKind } from "../../core/mod.ts";

/** An answer that is no success, as far as its explanation goes. */
export interface Refusal {
  readonly status: number;
  /** The body, if it is JSON. */
  readonly data: unknown;
}

/** How many of the paths that a refusal names are listed. */
const pathsListedMax = 10;

/**
 * Turns a refusal of the server into a {@linkcode Failure} with the server's own words, if it has some (problem details,
 * RFC 9457).
 */
export function explainStatus(refusal: Refusal, origin: string): Failure {
  const detail = member(refusal.data, "detail") ?? member(refusal.data, "title");
  if (detail === undefined) {
    return new Failure("unreachable", `What answers at ${origin} is not a dfs server (status ${refusal.status})`, {
      hint: "Check the address and the port",
    });
  }
  const hint = member(refusal.data, "hint");
  const details = pathsOf(refusal.data);
  return new Failure(kindOf(refusal.status), `The server says: ${detail}`, {
    ...(hint === undefined ? {} : { hint }),
    details,
  });
}

function kindOf(status: number): FailureKind {
  switch (status) {
    case 404:
      return "not_found";
    case 409:
      return "conflict";
    case 507:
      return "no_space";
    default:
      return status < 500 ? "usage" : "io";
  }
}

/** The paths that a refusal names, quoted, as many as a person reads. */
function pathsOf(data: unknown): string[] {
  if (typeof data !== "object" || data === null || !("paths" in data) || !Array.isArray(data.paths)) return [];
  const paths = data.paths.filter((path) => typeof path === "string");
  const more = paths.length - pathsListedMax;
  return [
    ...paths.slice(0, pathsListedMax).map((path) => JSON.stringify(path)),
    ...more > 0 ? [`... ${more} more`] : [],
  ];
}

function member(data: unknown, name: string): string | undefined {
  if (typeof data !== "object" || data === null || !(name in data)) return undefined;
  const value = (data as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}
