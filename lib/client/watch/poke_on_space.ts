import { Failure } from "../../core/mod.ts";
import type { HttpClient } from "../../network/client/mod.ts";
import { followEvents, type RetryOptions } from "../remote/mod.ts";
import type { Attempts } from "./attempts.ts";
import { pollMs, renewMs, retryMs, type WatchParts } from "./watch_parts.ts";

/** What {@linkcode pokeOnSpace} follows. */
export interface SpaceToFollow {
  /** Address of the server. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** Who we are: our own commits are no news. */
  readonly clientId: string;
  /** Connections to the server. */
  readonly http: HttpClient;
  /** How attempts to connect are repeated. */
  readonly retry: Omit<RetryOptions, "wait">;
  /** Ends the connection that is open, for a new one. */
  readonly attempts: Attempts;
}

/** Makes a run due whenever somebody else commits, and each time the feed opens: what came before was not told. */
export async function pokeOnSpace(feed: SpaceToFollow, parts: WatchParts): Promise<void> {
  const { trigger, state, sleep, signal, listener } = parts;
  const { http, attempts, clientId, origin, space } = feed;
  let waitMs = retryMs.first;
  let degraded = false;
  let cut = false;
  const opened = (): void => {
    waitMs = retryMs.first;
    if (degraded) listener.restored("feed");
    degraded = cut = false;
    state.followed = true;
    listener.connected();
    trigger.poke("space");
  };
  const broken = (reason: string): void => {
    state.followed = false;
    if (!cut) listener.disconnected(reason);
    cut = true;
  };
  await attempts.repeat(signal, async (inside) => {
    const retry = { ...feed.retry, wait: (ms: number) => sleep(ms, inside) };
    const wanted = { origin, space, types: ["commit.applied"], since: undefined, follow: true, retry, signal: inside };
    try {
      for await (const item of followEvents(http, { ...wanted, opened })) {
        if (item.kind === "broken") broken(item.reason);
        else if (item.kind === "gap") trigger.poke("space");
        else if (item.event.type === "commit.applied" && item.event.detail.client !== clientId) trigger.poke("space");
      }
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      state.followed = false;
      if (inside.aborted) return;
      if (cause.kind === "unreachable") {
        broken(cause.message);
        await sleep(waitMs, inside);
        // Connecting costs less than a run, which comes as soon as it works.
        waitMs = Math.min(waitMs * 2, pollMs);
        return;
      }
      if (!degraded) listener.degraded("feed", cause.message, pollMs);
      degraded = true;
      await sleep(renewMs, inside);
    }
  });
}
