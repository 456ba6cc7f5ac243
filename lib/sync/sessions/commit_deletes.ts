import { Failure } from "../../core/mod.ts";
import type { SessionPath } from "../../metadata/sessions/mod.ts";
import { commitChanges } from "./commit_changes.ts";
import type { SessionContext } from "./session_context.ts";
import { commitAttemptsMax } from "./session_limits.ts";
import type { Session } from "./session_record.ts";

/**
 * Deletes in one commit what a session is to delete; a path that somebody changed meanwhile stays.
 *
 * @returns How many paths it deleted.
 */
export async function commitDeletes(
  { service, newId }: SessionContext,
  { space, client }: Session,
  paths: readonly SessionPath[],
): Promise<number> {
  for (let attempt = 0; attempt < commitAttemptsMax; attempt++) {
    const head = await service.head(space);
    if (head === undefined) return 0;
    const changes = [];
    for (const { path, seen } of paths) {
      const stored = await service.get(space, path);
      if (stored?.version === seen) changes.push({ type: "deletion", path, version: 0, revision: 0 } as const);
    }
    if (changes.length === 0) return 0;
    const outcome = await commitChanges(service, {
      space,
      client,
      id: newId(),
      baseRevision: head.revision,
      changes,
    });
    if (outcome.ok) return changes.length;
    if (outcome.error.reason !== "changed_meanwhile") {
      throw new Failure("conflict", `${changes.length} files could not be deleted: ${outcome.error.reason}`);
    }
  }
  throw new Failure("conflict", `The space ${JSON.stringify(space)} changes too often to commit to it`, {
    hint: "Ask for the state of the session again",
  });
}
