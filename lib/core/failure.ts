/**
 * What kind of trouble a {@linkcode Failure} is. The command line turns it into an exit code, the server into a status.
 *
 * - `usage`: the request makes no sense as it was given.
 * - `refused`: doing it could lose data; the user must say more.
 * - `not_found`: the thing that was named does not exist.
 * - `conflict`: it exists already, or somebody else is using it.
 * - `unreachable`: the other side did not answer, or not as a dfs server does.
 * - `corrupt`: stored or received bytes are not what they must be.
 * - `no_space`: the disk is full.
 * - `io`: the platform failed in any other way.
 */
export type FailureKind =
  | "usage"
  | "refused"
  | "not_found"
  | "conflict"
  | "unreachable"
  | "corrupt"
  | "no_space"
  | "io";

/**
 * Trouble outside the program, told for a person: one sentence that names the thing, and what to do next.
 *
 * It is thrown where the platform fails (disk, network) and caught at the shell (a command, a route). Pure modules
 * return a {@linkcode Result} with an error type of their own.
 */
export class Failure extends Error {
  /** What logs and stack traces call it. */
  override readonly name = "Failure";
  /** What kind of trouble it is. */
  readonly kind: FailureKind;
  /** What to do next, where that is known: one sentence. */
  readonly hint: string | undefined;
  /** Further lines that belong to it, such as the paths concerned. */
  readonly details: readonly string[];

  /**
   * Words a failure.
   *
   * @param message One sentence that names the thing: capitalized, without a period at its end.
   */
  constructor(kind: FailureKind, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}

/** Options of a {@linkcode Failure}. */
export interface FailureOptions {
  /** What to do next: one sentence. */
  readonly hint?: string;
  /** Further lines, such as the paths concerned. */
  readonly details?: readonly string[];
  /** The error of the platform behind it. */
  readonly cause?: unknown;
}

/**
 * Turns an error of the platform into a {@linkcode Failure} that names what was being done.
 *
 * @param action What was being done, as a verb phrase: `write "/data/pack"`.
 * @param cause What was thrown. A `Failure` is returned as it is.
 */
export function platformFailure(action: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (isNoSpace(cause)) {
    return new Failure("no_space", `Cannot ${action}: the disk is full`, {
      hint: "Free some space and run the command again; what arrived so far is kept",
      cause,
    });
  }
  if (cause instanceof Deno.errors.NotFound) {
    return new Failure("not_found", `Cannot ${action}: it does not exist`, { cause });
  }
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) {
    return new Failure("io", `Cannot ${action}: permission denied`, { cause });
  }
  return new Failure("io", `Cannot ${action}: ${reason}`, { cause });
}

/** Says whether an error of the platform means a full disk or an exceeded quota. */
export function isNoSpace(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = "code" in cause ? cause.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" ||
    /no space left|quota exceeded|os error (28|122)\b/i.test(cause.message);
}
