import { Failure, type FailureKind } from "../core/mod.ts";
import { HttpError, type Middleware, onError } from "../network/mod.ts";

const statuses: Record<FailureKind, number> = {
  usage: 400,
  refused: 409,
  not_found: 404,
  conflict: 409,
  unreachable: 502,
  corrupt: 500,
  no_space: 507,
  io: 500,
};

/** Tells the client of trouble on the server in the server's own words, with the status that fits (RFC 9457). */
export const failureProblems: Middleware = onError((error) => {
  if (!(error instanceof Failure)) throw error;
  const extensions = error.hint === undefined ? {} : { hint: error.hint };
  throw new HttpError(statuses[error.kind], error.message, { extensions, cause: error });
});
