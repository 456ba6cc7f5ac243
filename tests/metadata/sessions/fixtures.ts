import { assert } from "@std/assert";
import type { SafePath } from "../../../lib/core/mod.ts";
import type {
  ClientRecord,
  NewPiece,
  NewSession,
  SessionPath,
  SessionRecord,
  SessionStore,
  SessionUpdate,
} from "../../../lib/metadata/sessions/mod.ts";
import { Manifest } from "../../../lib/metadata/mod.ts";
import { at, contentOf } from "../store/fixtures.ts";

/** One thing that every store of sessions must do. */
export type SessionCase = readonly [what: string, run: (store: SessionStore) => Promise<void>];

/** A client that is registered. */
export const laptop: ClientRecord = { id: "laptop-1", name: "laptop", platform: "linux", registeredAtMs: 100 };

/** Nothing is counted out. */
export const noLimits = { finalStates: ["Complete"], perClientMax: 100, totalMax: 100 };

/** What a session begins with. */
export function newSession(id: string, options: Partial<NewSession> = {}): NewSession {
  return { id, client: laptop.id, space: "default", startedAtMs: 200, state: "Idle", data: "{}", ...options };
}

/** Begins a session that must find room. */
export async function begin(store: SessionStore, id: string, options: Partial<NewSession> = {}): Promise<void> {
  assert(await store.addSession(newSession(id, options), noLimits) === undefined);
}

/** A session that must be there. */
export async function known(store: SessionStore, id: string): Promise<SessionRecord> {
  const record = await store.session(id);
  assert(record !== undefined);
  return record;
}

/** Changes a session as it stands. */
export async function change(store: SessionStore, id: string, update: Partial<SessionUpdate>): Promise<void> {
  const { tick, state, data } = await known(store, id);
  assert(await store.update(id, { tick, state, data, atMs: 300, ...update }));
}

/** A path of a session. */
export function pathOf(role: SessionPath["role"], path: string, options: Partial<SessionPath> = {}): SessionPath {
  return { role, path: at(path), done: false, seen: 0, held: 0, mtimeMs: 0, ...options };
}

/** The paths of a session in some role, sorted. */
export async function pathsOf(store: SessionStore, id: string, role: SessionPath["role"]): Promise<SafePath[]> {
  return (await store.paths(id, role, { limit: 100 })).map(({ path }) => path).sort();
}

/** Some text as the chunk list of a piece. */
export function chunksOf(text: string): Manifest {
  return Manifest.of(text === "" ? [] : [{ hash: contentOf(text), length: text.length }]);
}

/** A piece of an upload. */
export function piece(
  path: string,
  index: number,
  options: Partial<NewPiece> & { readonly text?: string } = {},
): NewPiece {
  const { text = `${path} ${index}`, ...rest } = options;
  return { path: at(path), index, total: 3, chunks: chunksOf(text), atMs: 400, piecesMax: 100, ...rest };
}
