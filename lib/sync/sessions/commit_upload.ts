import { Failure, ok, type Result, type SafePath, sha256 } from "../../core/mod.ts";
import { type FileEntry, type StoredEntry, timeOf } from "../../metadata/mod.ts";
import type { SessionPath } from "../../metadata/sessions/mod.ts";
import { commitChanges, fileRecords, missingFolders } from "./commit_changes.ts";
import { freeConflictName } from "./free_conflict_name.ts";
import type { CutContent } from "./recut_content.ts";
import type { SessionContext } from "./session_context.ts";
import { commitAttemptsMax } from "./session_limits.ts";
import type { Session } from "./session_record.ts";
import { refuse, type SessionRefusal } from "./session_refusal.ts";

/** An upload whose content is stored. */
export interface FinishedUpload {
  /** Its path, as the session planned it. */
  readonly row: SessionPath;
  /** Its content. */
  readonly content: CutContent;
}

/** Where an upload went. */
export interface PlacedUpload {
  /** The path: the one asked for, or that of a conflict copy. */
  readonly path: SafePath;
  /** The version that lives there. */
  readonly version: number;
  /** Whether something lives there where nothing did. */
  readonly added: boolean;
}

/** Permission bits of a file of which nobody told any. */
const modeDefault = 0o644;

/**
 * Commits an upload at its path if that is still what the session saw, else as a conflict copy beside it. The change of
 * somebody who deleted the path meanwhile does not undo the upload.
 */
export async function commitUpload(
  context: SessionContext,
  session: Session,
  { row, content }: FinishedUpload,
): Promise<Result<PlacedUpload, SessionRefusal>> {
  const { service } = context;
  const { space, client } = session;
  let { copy } = row;
  for (let attempt = 0; attempt < commitAttemptsMax; attempt++) {
    const head = await service.head(space);
    if (head === undefined) return refuse("unknown", `There is no space ${JSON.stringify(space)} any more`);
    const path = copy ?? row.path;
    const original = await service.get(space, row.path);
    if (holds(original, content)) return ok({ path: row.path, version: original!.version, added: false });
    const stored = path === row.path ? original : await service.get(space, path);
    if (holds(stored, content)) return ok({ path, version: stored!.version, added: false });
    const crossed = copy === undefined ? isChanged(stored, row.seen) : stored !== undefined;
    if (crossed) {
      const to = await freeConflictName(context, { space, client, path: row.path });
      copy = await context.sessions.nameCopy(session.id, row.path, { from: copy, to });
      announceConflict(context, session, row.path);
      continue;
    }
    const folders = await missingFolders(service, space, path);
    if (typeof folders === "string") {
      return refuse("no_place", `${JSON.stringify(folders)} is no folder on the server, so nothing can lie in it`, {
        hint: "Rename one of the two",
      });
    }
    const entry = entryOf(row, content, stored);
    const outcome = await commitChanges(service, {
      space,
      client,
      // Told again after a crash it is the same commit; the same content on top of another version is another one.
      id: sha256(new TextEncoder().encode([session.id, path, entry.content, stored?.version ?? row.seen].join("\n"))),
      baseRevision: head.revision,
      changes: [...folders, ...fileRecords(path, entry, content.manifest)],
    });
    if (outcome.ok) {
      const placed = await service.get(space, path);
      return ok({ path, version: holds(placed, content) ? placed!.version : 0, added: stored === undefined });
    }
    const { error } = outcome;
    if (error.reason === "changed_meanwhile") continue;
    if (error.reason === "not_a_tree") return refuse("no_place", `There is no place for ${JSON.stringify(path)}`);
    const why = error.reason === "bad_stream" ? error.error.message : error.reason;
    throw new Failure("conflict", `The file ${JSON.stringify(path)} could not be committed: ${why}`);
  }
  throw new Failure("conflict", `The space ${JSON.stringify(space)} changes too often to commit to it`, {
    hint: "Finalize the file again",
  });
}

/** Tells that a path changed on both sides. */
export function announceConflict({ events }: SessionContext, session: Session, path: SafePath): void {
  const { space, id, client } = session;
  events.emit("conflict.detected", { space, path, session: id, client, policy: "keep both" });
}

function holds(stored: StoredEntry | undefined, { manifest }: CutContent): boolean {
  return stored?.entry.kind === "file" && stored.entry.content === manifest.contentId();
}

/** Whether what lives at a path is something else than the session saw; nothing is in nobody's way. */
function isChanged(stored: StoredEntry | undefined, seen: number): boolean {
  return stored !== undefined && (stored.version !== seen || stored.entry.kind !== "file");
}

function entryOf(row: SessionPath, { manifest }: CutContent, before: StoredEntry | undefined): FileEntry {
  const kept = before?.entry.kind === "file" ? before.entry.mode : modeDefault;
  return { kind: "file", mode: row.mode ?? kept, ...timeOf(row), size: manifest.size, content: manifest.contentId() };
}
