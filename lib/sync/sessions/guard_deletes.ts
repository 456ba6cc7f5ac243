import { ok, type Result, type SafePath } from "../../core/mod.ts";
import { deletesFreeMax, deletesShareMax } from "../delete_limits.ts";
import { refuse, type SessionRefusal } from "./session_refusal.ts";

/** What a session would do to a space. */
export interface GuardedDeletes {
  /** The files that it would delete. */
  readonly paths: readonly SafePath[];
  /** How many files the space has. */
  readonly files: number;
  /** How many files the client brings. */
  readonly uploads: number;
  /** How many deletions the client agreed to. */
  readonly confirmed: number | undefined;
}

/** How many paths a refusal names. */
const pathsShownMax = 100;

/** Refuses a session that would delete much without a word: an emptied folder looks just like one that was deleted. */
export function guardDeletes({ paths, files, uploads, confirmed }: GuardedDeletes): Result<void, SessionRefusal> {
  const count = paths.length;
  if (count <= 1 || (confirmed !== undefined && count <= confirmed)) return ok(undefined);
  const emptied = count === files && uploads === 0;
  if (!emptied && count <= Math.max(deletesFreeMax, files * deletesShareMax)) return ok(undefined);
  return refuse("unconfirmed", `This would delete ${count} of ${files} files from the server`, {
    hint: `If that is meant, compare again with "confirm_deletes": ${count}`,
    details: { files_to_delete_remote: paths.slice(0, pathsShownMax) },
  });
}
