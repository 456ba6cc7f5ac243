import type { SafePath } from "../../core/mod.ts";
import { conflictName } from "../conflict_name.ts";
import type { SessionContext } from "./session_context.ts";

/** Whose copy of what is to be named. */
export interface ConflictCopy {
  /** The space that it goes into. */
  readonly space: string;
  /** The client whose content it is. */
  readonly client: string;
  /** The path that it is a copy of. */
  readonly path: SafePath;
  /** Names that are given away already. */
  readonly taken?: ReadonlySet<SafePath>;
}

/** Names a conflict copy so that nothing lives under its name yet: after now, or the first second later that is free. */
export async function freeConflictName(
  { service, clock }: Pick<SessionContext, "service" | "clock">,
  { space, client, path, taken }: ConflictCopy,
): Promise<SafePath> {
  for (let atMs = clock.now();; atMs += 1000) {
    const name = conflictName(path, { client, atMs });
    if (taken?.has(name) !== true && await service.get(space, name) === undefined) return name;
  }
}
