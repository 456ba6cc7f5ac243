import { Failure } from "../../core/mod.ts";
import type { SpaceHead } from "./metadata_store.ts";

/**
 * Makes sure that a space had a revision: what lived at one that never was is unknown, which is not the same as nothing.
 *
 * @throws {Failure} kind `not_found` if it had not.
 */
export function checkRevision(head: SpaceHead, revision: number): void {
  if (Number.isSafeInteger(revision) && revision >= 0 && revision <= head.revision) return;
  throw new Failure(
    "not_found",
    `The space ${JSON.stringify(head.space)} has no revision ${revision}; its newest is ${head.revision}`,
  );
}
