import type { Component } from "./component.ts";
import type { EventBus } from "./event_bus.ts";
import type { AnyEvent, DfsEvent } from "./event_types.ts";
import { LruMap } from "./lru_map.ts";
import type { ReplicaOverview, SessionOverview, SpaceOverview, SyncOverview } from "./sync_overview.ts";

/** The most spaces, sessions, replicas and clients the monitor remembers, of each; those heard of longest ago go. */
export const monitoredMax = 10_000;

/** The most open conflicts counted in one space. */
export const openConflictsMax = 10_000;

interface SpaceState {
  revision: number;
  committedAt: number | undefined;
  readonly conflicts: Set<string>;
}

interface ReplicaState {
  readonly space: string;
  readonly client: string;
  revision: number | undefined;
  seenAt: number;
  syncedAt: number | undefined;
  lastError: string | undefined;
}

interface SessionState {
  readonly session: string;
  space: string | undefined;
  client: string | undefined;
  state: string | undefined;
  readonly startedAt: number;
  updatedAt: number;
  lastError: string | undefined;
}

/** What is known of spaces and replicas from before the monitor started. Times are in milliseconds since 1970. */
export interface RememberedState {
  /** All spaces. */
  readonly spaces: readonly { readonly space: string; readonly revision: number; readonly committedAtMs: number }[];
  /** All replicas, those heard of last at the end. */
  readonly replicas: readonly {
    readonly space: string;
    readonly client: string;
    readonly revision: number | undefined;
    readonly syncedAtMs: number | undefined;
    readonly seenAtMs: number;
    readonly lastError: string | undefined;
  }[];
  /** The clients that were registered, those heard of last at the end. */
  readonly clients: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Knows the state of every session and replica, and how far each replica is behind its space, from events, and from what
 * it is told that was known before.
 */
export class SyncMonitor implements Component {
  readonly name = "sync monitor";
  readonly #spaces = new LruMap<string, SpaceState>(monitoredMax);
  readonly #sessions = new LruMap<string, SessionState>(monitoredMax);
  readonly #replicas = new LruMap<string, ReplicaState>(monitoredMax);
  readonly #names = new LruMap<string, string>(monitoredMax);
  #subscriptions: readonly Disposable[] = [];

  start(bus: EventBus): void {
    const listen = (event: AnyEvent) => this.#record(event);
    this.#subscriptions = [
      bus.on("sync.*", listen, { name: this.name }),
      bus.on("session.*", listen, { name: this.name }),
      bus.on("conflict.*", listen, { name: this.name }),
      bus.on("commit.*", listen, { name: this.name }),
      bus.on("client.*", listen, { name: this.name }),
    ];
  }

  stop(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#subscriptions = [];
  }

  /** Takes in what was known before the events it hears; of what it heard of meanwhile it knows better. */
  remember({ spaces, replicas, clients }: RememberedState): void {
    for (const { space, revision, committedAtMs } of spaces) {
      if (revision > 0) this.#advance(space, revision, committedAtMs);
    }
    for (const { space, client, revision, syncedAtMs, seenAtMs, lastError } of replicas) {
      const key = replicaKey(space, client);
      if (this.#replicas.get(key) !== undefined) continue;
      this.#replicas.set(key, { space, client, revision, seenAt: seenAtMs, syncedAt: syncedAtMs, lastError });
    }
    for (const { id, name } of clients) if (this.#names.get(id) === undefined) this.#names.set(id, name);
  }

  /** What is known now, as JSON data. */
  overview(): SyncOverview {
    return {
      spaces: this.#spaces.entries().map(([space, state]) => spaceOverview(space, state)),
      sessions: this.#sessions.values().map(sessionOverview),
      replicas: this.#replicas.values().map((state) =>
        replicaOverview(state, this.#names.get(state.client), this.#spaces.get(state.space)?.revision)
      ),
    };
  }

  #record(event: AnyEvent): void {
    const session = this.#touchSession(event);
    const replica = this.#touchReplica(event);
    switch (event.type) {
      case "client.registered":
        return this.#names.set(event.detail.client, event.detail.name);
      case "session.state_changed":
        if (session) session.state = event.detail.to;
        return fail(event.detail.error, session, replica);
      case "sync.completed":
        this.#advance(event.detail.space, event.detail.revision);
        return complete(event, replica);
      case "sync.failed":
        return fail(event.detail.error, session, replica);
      case "commit.applied":
        this.#advance(event.detail.space, event.detail.revision, event.time);
        return;
      case "conflict.detected": {
        const { conflicts } = this.#space(event.detail.space);
        if (conflicts.size < openConflictsMax) conflicts.add(event.detail.path);
        return;
      }
      case "conflict.resolved":
        this.#space(event.detail.space).conflicts.delete(event.detail.path);
        return;
    }
  }

  #touchSession({ detail, time }: DfsEvent): SessionState | undefined {
    const { session, space, client } = detail;
    if (session === undefined) return undefined;
    const state = this.#sessions.get(session) ?? {
      session,
      space,
      client,
      state: undefined,
      startedAt: time,
      updatedAt: time,
      lastError: undefined,
    };
    state.space ??= space;
    state.client ??= client;
    state.updatedAt = time;
    this.#sessions.set(session, state);
    return state;
  }

  #touchReplica({ detail, time }: DfsEvent): ReplicaState | undefined {
    const { space, client } = detail;
    if (space === undefined || client === undefined) return undefined;
    const key = replicaKey(space, client);
    const state = this.#replicas.get(key) ?? {
      space,
      client,
      revision: undefined,
      seenAt: time,
      syncedAt: undefined,
      lastError: undefined,
    };
    state.seenAt = time;
    this.#replicas.set(key, state);
    return state;
  }

  #space(name: string): SpaceState {
    const state = this.#spaces.get(name) ?? { revision: 0, committedAt: undefined, conflicts: new Set() };
    this.#spaces.set(name, state);
    return state;
  }

  #advance(name: string, revision: number, committedAt?: number): void {
    const space = this.#space(name);
    if (revision < space.revision) return;
    space.revision = revision;
    space.committedAt = committedAt ?? space.committedAt;
  }
}

function replicaKey(space: string, client: string): string {
  return JSON.stringify([space, client]);
}

function complete({ detail, time }: DfsEvent<"sync.completed">, replica: ReplicaState | undefined): void {
  if (replica === undefined) return;
  replica.revision = detail.revision;
  replica.syncedAt = time;
  replica.lastError = undefined;
}

function fail(error: string | undefined, ...states: readonly ({ lastError: string | undefined } | undefined)[]): void {
  if (error === undefined) return;
  for (const state of states) if (state !== undefined) state.lastError = error;
}

function spaceOverview(space: string, { revision, committedAt, conflicts }: SpaceState): SpaceOverview {
  return { space, revision, committedAt: timeText(committedAt), openConflicts: conflicts.size };
}

function sessionOverview(state: SessionState): SessionOverview {
  return {
    session: state.session,
    space: state.space ?? null,
    client: state.client ?? null,
    state: state.state ?? null,
    startedAt: new Date(state.startedAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    lastError: state.lastError ?? null,
  };
}

function replicaOverview(state: ReplicaState, name: string | undefined, newest: number | undefined): ReplicaOverview {
  const { revision } = state;
  return {
    space: state.space,
    client: state.client,
    name: name ?? null,
    revision: revision ?? null,
    lag: revision === undefined ? null : Math.max(0, (newest ?? revision) - revision),
    seenAt: new Date(state.seenAt).toISOString(),
    syncedAt: timeText(state.syncedAt),
    lastError: state.lastError ?? null,
  };
}

function timeText(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
