import type { SafePath } from "../../core/mod.ts";
import { type FileEntry, type StoredEntry, timeOf } from "../../metadata/mod.ts";
import type { SessionPath } from "../../metadata/sessions/mod.ts";
import { type ComparedLocal, comparePath } from "../compare_path.ts";
import { freeConflictName } from "./free_conflict_name.ts";
import type { LocalFile } from "./local_file.ts";
import type { DiffRequest } from "./session_calls.ts";
import type { SessionContext } from "./session_context.ts";

/** What {@linkcode planSession} compares. */
export interface PlanInput extends Pick<DiffRequest, "files" | "declined"> {
  /** The space of the session. */
  readonly space: string;
  /** The client of the session. */
  readonly client: string;
}

/** What a session has to do. */
export interface SessionPlan {
  /** Every path, in one role or, in conflict, in two. */
  readonly paths: readonly SessionPath[];
  /** The paths that changed on both sides, and where the client's content goes. */
  readonly conflicts: readonly { readonly path: SafePath; readonly copy: SafePath }[];
}

/** Compares what a client has with what lives in a space now, path by path. */
export async function planSession(context: SessionContext, input: PlanInput): Promise<SessionPlan> {
  const { space, client, declined } = input;
  const local = new Map(input.files.map((file) => [file.path, file]));
  const held = await context.sessions.held(client, space);
  const heldOf = ({ path }: { readonly path: SafePath }): number => held.get(path) ?? 0;
  const paths: SessionPath[] = [];
  const conflicts: { readonly path: SafePath; readonly copy: SafePath }[] = [];
  const conflict = async (file: LocalFile, stored: StoredEntry): Promise<void> => {
    const taken = new Set(conflicts.map(({ copy }) => copy));
    const copy = await freeConflictName(context, { space, client, path: file.path, taken });
    conflicts.push({ path: file.path, copy });
    paths.push({ ...uploadOf(file, stored.version), copy });
    if (stored.entry.kind === "file") paths.push(downloadOf(stored, declined));
  };
  for await (const { children } of context.trees.entries(space)) {
    for (const stored of children) {
      const file = local.get(stored.path);
      local.delete(stored.path);
      if (stored.entry.kind !== "file") {
        if (file !== undefined) await conflict(file, stored);
        continue;
      }
      const action = comparePath({
        local: file && await comparedLocal(context, { space, file, held: heldOf(file), stored }),
        server: {
          version: stored.version,
          equal: file !== undefined && await isContent(context, stored.entry, file),
          held: heldOf(stored),
        },
      });
      if (action === "conflict") await conflict(file!, stored);
      else if (action === "upload") paths.push(uploadOf(file!, stored.version));
      else if (action === "download") paths.push(downloadOf(stored, declined));
      else paths.push(plain(action, stored.path, stored.version));
    }
  }
  for (const file of local.values()) {
    const compared = await comparedLocal(context, { space, file, held: heldOf(file) });
    const action = comparePath({ local: compared, server: undefined });
    paths.push(action === "upload" ? uploadOf(file, 0) : plain("delete_local", file.path, 0));
  }
  return { paths, conflicts };
}

/** A client's file, what the client held of its path, and what lives there. */
interface LocalState {
  readonly space: string;
  readonly file: LocalFile;
  readonly held: number;
  readonly stored?: StoredEntry;
}

/** A client's file with whether it is still what its version was: asked only where that decides anything. */
async function comparedLocal(
  context: SessionContext,
  { space, file, held, stored }: LocalState,
): Promise<ComparedLocal> {
  const { path, version } = file;
  const bases = [version, held].filter((base) => base > 0 && base < (stored?.version ?? Infinity));
  if (bases.length === 0) return { version, unchanged: false };
  for (const record of await context.service.history(space, path)) {
    const base = bases.includes(record.version) ? record.entry : undefined;
    if (base?.kind === "file" && await isContent(context, base, file)) return { version, unchanged: true };
  }
  return { version, unchanged: false };
}

async function isContent(context: SessionContext, entry: FileEntry, file: LocalFile): Promise<boolean> {
  return entry.size === file.size && await context.metadata.contentHash(entry) === file.hash;
}

function uploadOf(file: LocalFile, seen: number): SessionPath {
  const { path, mode } = file;
  return { role: "upload", path, done: false, seen, held: 0, ...timeOf(file), ...(mode === undefined ? {} : { mode }) };
}

function downloadOf({ path, version }: StoredEntry, declined: PlanInput["declined"]): SessionPath {
  const done = declined === "all" || declined.has(path);
  return { role: "download", path, done, seen: version, held: 0, mtimeMs: 0 };
}

function plain(role: "same" | "delete_remote" | "delete_local", path: SafePath, version: number): SessionPath {
  const held = role === "same" ? version : 0;
  return { role, path, done: role !== "delete_remote", seen: version, held, mtimeMs: 0 };
}
