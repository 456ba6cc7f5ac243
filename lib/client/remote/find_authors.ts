import { Failure, type SafePath } from "../../core/mod.ts";
import type { Conflict } from "../../sync/reconcile/mod.ts";
import type { Remote } from "./remote.ts";

/** For how many conflicts the server is asked; copies beyond that are named after the server. */
const askedMax = 100;

/** Finds out which clients wrote what the server has where there are conflicts, to name copies after them. */
export async function findAuthors(conflicts: readonly Conflict[], remote: Remote): Promise<Map<SafePath, string>> {
  const authors = new Map<SafePath, string>();
  for (const { path, outcome } of conflicts.slice(0, askedMax)) {
    if (outcome !== "local") continue;
    try {
      const [newest] = await remote.history(path);
      if (newest !== undefined) authors.set(path, newest.client);
    } catch (cause) {
      // The copy matters, not whose name it bears.
      if (!(cause instanceof Failure)) throw cause;
    }
  }
  return authors;
}
