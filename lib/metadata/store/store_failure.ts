import { Failure } from "../../core/mod.ts";
import type { SpaceHead } from "./metadata_store.ts";

/** What a reading method rejects with when it is asked for a space that there is not. */
export function unknownSpace(space: string): Failure {
  return new Failure("not_found", `There is no space ${JSON.stringify(space)}`);
}

/** Rejects a revision that a space never had: what lived at it is unknown, which is not the same as nothing. */
export function checkRevision(head: SpaceHead, revision: number): void {
  if (Number.isSafeInteger(revision) && revision >= 0 && revision <= head.revision) return;
  throw new Failure(
    "not_found",
    `The space ${JSON.stringify(head.space)} has no revision ${revision}; its newest is ${head.revision}`,
  );
}
