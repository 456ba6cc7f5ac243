import { assert, assertEquals } from "@std/assert";
import { type Result, sha256 } from "../../../lib/core/mod.ts";
import { type FileEntry, MemoryMetadataStore } from "../../../lib/metadata/mod.ts";
import { MemoryMetadataRepository } from "../../../lib/metadata/repository/mod.ts";
import type { ReplicaStore } from "../../../lib/metadata/replicas/mod.ts";
import { MemorySessionStore } from "../../../lib/metadata/sessions/mod.ts";
import { EventBus } from "../../../lib/events/mod.ts";
import { MetadataService } from "../../../lib/sync/service/mod.ts";
import {
  type Comparison,
  type DiffRequest,
  type LocalFile,
  type PieceRequest,
  type SessionRefusal,
  SessionService,
} from "../../../lib/sync/sessions/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { ServiceFixture, space } from "../../support/service_fixture.ts";

const encoder = new TextEncoder();

/** A text as a client's file. */
export function local(path: string, text: string, version = 0): LocalFile {
  const bytes = encoder.encode(text);
  return { path: at(path), hash: sha256(bytes), size: bytes.length, version, mtimeMs: 7000 };
}

/** A text as one piece of an upload. */
export function pieceOf(path: string, text: string, options: Partial<PieceRequest> = {}): PieceRequest {
  const bytes = encoder.encode(text);
  return { path: at(path), index: 0, total: 1, bytes, hash: sha256(bytes), ...options };
}

/** What a call must have given. */
export function must<T>(outcome: Result<T, SessionRefusal>): T {
  assert(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

/** Makes sure that a call was refused, and for which reason; gives the refusal. */
export function refused(outcome: Result<unknown, SessionRefusal>, reason: SessionRefusal["reason"]): SessionRefusal {
  assert(!outcome.ok, "It was not refused");
  assertEquals(outcome.error.reason, reason, outcome.error.message);
  return outcome.error;
}

/** What a {@linkcode SessionFixture} may stand on. */
export interface SessionFixtureOptions {
  /** Keeps the sessions. */
  readonly store?: MemorySessionStore;
  /** Knows the runs of clients; there are none unless given. */
  readonly replicas?: ReplicaStore;
}

/** Sessions over stores in memory, with everything they said on the bus. */
export class SessionFixture {
  readonly base: ServiceFixture;
  readonly store: MemorySessionStore;
  readonly service: SessionService;
  readonly heard: { readonly type: string; readonly detail: Readonly<Record<string, unknown>> }[] = [];
  #ids = 0;

  private constructor(
    base: ServiceFixture,
    { store, trees, ...more }: SessionFixtureOptions & {
      readonly store: MemorySessionStore;
      readonly trees: MemoryMetadataStore;
    },
  ) {
    this.base = base;
    this.store = store;
    const events = new EventBus();
    events.on("*", ({ type, detail }) => void this.heard.push({ type, detail }));
    const { service, chunks, time: clock } = base;
    this.service = new SessionService({
      ...more,
      sessions: store,
      service,
      metadata: new MetadataService({ repository: new MemoryMetadataRepository(trees), service, clock }),
      trees,
      chunks,
      clock,
      events,
      newId: () => `id${++this.#ids}`,
    });
  }

  /** Makes one with an empty space, over a store of sessions of one's own. */
  static async make(
    { store = new MemorySessionStore(), ...more }: SessionFixtureOptions = {},
  ): Promise<SessionFixture> {
    const trees = new MemoryMetadataStore();
    return new SessionFixture(await ServiceFixture.make(trees), { store, trees, ...more });
  }

  /** Registers a client; gives its id. */
  async register(name = "laptop"): Promise<string> {
    return must(await this.service.register({ name, platform: "linux" })).id;
  }

  /** Begins a session; gives its id. */
  async start(client: string): Promise<string> {
    return must(await this.service.start(client, space)).id;
  }

  /** Begins a session and compares. */
  async compare(
    client: string,
    files: readonly LocalFile[],
    more: Partial<DiffRequest> = {},
  ): Promise<Comparison & { readonly id: string }> {
    const id = await this.start(client);
    const diff = must(
      await this.service.diff(id, { files, declined: new Set(), confirmedDeletes: undefined, ...more }),
    );
    return { ...diff, id };
  }

  /** Sends a file in one piece and commits it. */
  async upload(id: string, path: string, text: string): ReturnType<SessionService["finishUpload"]> {
    must(await this.service.uploadPiece(id, pieceOf(path, text)));
    return await this.finish(id, path, text);
  }

  /** Commits a file. */
  finish(id: string, path: string, text: string): ReturnType<SessionService["finishUpload"]> {
    return this.service.finishUpload(id, { path: at(path), expected: sha256(encoder.encode(text)) });
  }

  /** A file's content as text. */
  async text(file: FileEntry): Promise<string> {
    const pieces = await Array.fromAsync(this.base.service.content(file, 0, file.size));
    return await new Blob(pieces as Uint8Array<ArrayBuffer>[]).text();
  }

  /** The name of the state of a session. */
  async state(id: string): Promise<string> {
    return must(await this.service.status(id)).session.status.state;
  }

  /** What was said since this was asked last, of some types, as they came. */
  said(...types: readonly string[]): Readonly<Record<string, unknown>>[] {
    return this.heard.splice(0).filter(({ type }) => types.includes(type)).map(({ detail }) => detail);
  }
}
