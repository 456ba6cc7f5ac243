import type { ClientRequest, ClientResponse, HttpClient } from "../../network/client/mod.ts";
import { explainStatus } from "./explain_status.ts";
import { BusyError, type RetryOptions, withRetries } from "./retry.ts";

/** The longest explanation of a refusal that is read, in bytes. */
const refusalBytesMax = 1024 * 1024;

/** Options of {@linkcode sendRequest}. */
export interface SendOptions<T> {
  /** Address of the server, for messages. */
  readonly origin: string;
  /** How often a request that got no answer is sent again, and after which waits. */
  readonly retry: RetryOptions;
  /** Reads the answer, a success; where its content breaks off, the request is sent again. */
  readonly read: (response: ClientResponse) => T | Promise<T>;
}

/**
 * Sends a request that may be repeated without harm until it is answered.
 *
 * @returns What was read of the answer.
 * @throws {Failure} in the server's own words where it refuses; kind `unreachable` where there is no answer.
 */
export async function sendRequest<T>(
  http: HttpClient,
  request: Omit<ClientRequest, "idempotent">,
  { origin, retry, read }: SendOptions<T>,
): Promise<T> {
  const send = async (): Promise<T> => {
    const response = await http.request({ ...request, idempotent: true });
    if (response.status < 300) return await read(response);
    const data = await response.json({ max: refusalBytesMax }).catch(() => undefined);
    const failure = explainStatus({ status: response.status, data }, origin);
    throw response.status === 503 ? new BusyError(failure.message) : failure;
  };
  return await withRetries(send, { ...retry, origin, reached: false });
}
