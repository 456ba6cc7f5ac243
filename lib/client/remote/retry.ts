import { Failure } from "../../core/mod.ts";
import { HttpClientError } from "../../network/client/mod.ts";

/** How failed requests are repeated. */
export interface RetryOptions {
  /** How often a request is sent at most. */
  readonly attemptsMax: number;
  /** The wait before the first repetition, in milliseconds; it doubles from one to the next. */
  readonly delayMs: number;
  /** Waits; tests hand in their own. */
  readonly wait: (delayMs: number) => Promise<void>;
  /** Random numbers from 0 to 1, to spread the repetitions of many clients. */
  readonly random: () => number;
}

/** Four repetitions over some eight seconds: a server that restarts is back by then. */
export const defaultRetry: RetryOptions = {
  attemptsMax: 5,
  delayMs: 500,
  wait: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
  random: Math.random,
};

/** An answer that says "not now". */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** Options of {@linkcode withRetries}. */
export interface WithRetriesOptions extends RetryOptions {
  /** Address of the server, for the message. */
  readonly origin: string;
  /** Whether the server answered before: one that never did is not waited for, the address may well be wrong. */
  readonly reached: boolean;
}

/**
 * Sends a request that may be repeated without harm until there is an answer.
 *
 * @throws {Failure} kind `unreachable` when there is none.
 */
export async function withRetries<T>(send: () => Promise<T>, options: WithRetriesOptions): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await send();
    } catch (cause) {
      if (!(cause instanceof HttpClientError || cause instanceof BusyError)) throw cause;
      if (attempt >= options.attemptsMax || !isPassing(cause, options.reached)) throw explain(cause, options.origin);
      await options.wait(options.delayMs * 2 ** (attempt - 1) * (0.75 + options.random() / 2));
    }
  }
}

function isPassing(cause: HttpClientError | BusyError, reached: boolean): boolean {
  if (cause instanceof BusyError) return true;
  switch (cause.kind) {
    case "connect":
      return reached;
    case "timeout":
    case "cut_before_reply":
    case "cut_in_reply":
      return true;
    case "untrusted":
    case "not_http":
    case "too_large":
    case "aborted":
      return false;
  }
}

function explain(cause: HttpClientError | BusyError, origin: string): Failure {
  if (cause instanceof BusyError) {
    return new Failure("unreachable", `The server at ${origin} is overloaded: ${cause.message}`, {
      hint: "Run the command again later; what arrived so far is kept",
      cause,
    });
  }
  switch (cause.kind) {
    case "connect":
      return new Failure("unreachable", `No server answers at ${origin}`, {
        hint: "Check the address, and that dfs serve is running there",
        cause,
      });
    case "untrusted":
      return new Failure("unreachable", `${cause.message} (${origin})`, {
        hint: "If it is the server's own, trust it with --ca-cert FILE",
        cause,
      });
    case "not_http":
      return new Failure("unreachable", `What answers at ${origin} is not a dfs server`, {
        hint: "Check the address and the port",
        cause,
      });
    default:
      return explainBreak(cause, origin);
  }
}

/** Tells of a connection that broke. */
export function explainBreak(cause: HttpClientError, origin: string): Failure {
  return new Failure("unreachable", `The connection to ${origin} broke: ${cause.message}`, {
    hint: "Run the command again; what arrived so far is kept",
    cause,
  });
}
