/** The outcome of something that is expected to fail now and then: a value, or an error that is a value too. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/**
 * Wraps a value as a success.
 *
 * @example
 * ```ts
 * import { ok } from "./result.ts";
 * const parsed = ok(42);
 * if (parsed.ok) parsed.value satisfies number;
 * ```
 */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** Wraps an error as a failure. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
