import { HttpError } from "./http_error.ts";
import type { HttpResponse } from "./types.ts";

/** Makes a response of an error, as problem details (RFC 9457); what is no `HttpError` becomes a bare 500. */
export function problemResponse(error: unknown): HttpResponse {
  const known = error instanceof HttpError ? error : new HttpError(500);
  return {
    status: known.status,
    headers: { "Content-Type": "application/problem+json", ...known.headers },
    body: JSON.stringify(known.problem),
  };
}
