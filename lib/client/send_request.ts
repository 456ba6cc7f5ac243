import type { ClientRequest, ClientResponse, HttpClient } from "../network/client/mod.ts";
import { explainStatus } from "./explain_status.ts";
import { BusyError, type RetryOptions, withRetries } from "./retry.ts";

/** The longest explanation of a refusal that is read, in bytes. */
const refusalBytesMax = 1024 * 1024;

/** Options of {@linkcode sendRequest}. */
export interface SendOptions {
  /** Address of the server, for messages. */
  readonly origin: string;
  /** How often a request that got no answer is sent again, and after which waits. */
  readonly retry: RetryOptions;
}

/**
 * Sends a request that may be repeated without harm until it is answered.
 *
 * @returns The answer, a success, its content still to be read.
 * @throws {Failure} in the server's own words where it refuses; kind `unreachable` where there is no answer.
 */
export async function sendRequest(
  http: HttpClient,
  request: Omit<ClientRequest, "idempotent">,
  { origin, retry }: SendOptions,
): Promise<ClientResponse> {
  const send = async (): Promise<ClientResponse> => {
    const response = await http.request({ ...request, idempotent: true });
    if (response.status < 300) return response;
    const data = await response.json({ max: refusalBytesMax }).catch(() => undefined);
    const failure = explainStatus({ status: response.status, data }, origin);
    throw response.status === 503 ? new BusyError(failure.message) : failure;
  };
  return await withRetries(send, { ...retry, origin, reached: false });
}
