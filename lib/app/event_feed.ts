import { type FollowedItem, followEvents, type FollowOptions } from "../client/mod.ts";
import { knownServer, type KnownServerOptions } from "./known_server.ts";

/**
 * Reads the live feed of the server that a folder is kept in step with. The folder is not locked: others may push and
 * pull meanwhile.
 *
 * @param server Which server is meant.
 * @param wanted Which events are wanted.
 * @throws {Failure} if no server is known, or it refuses.
 */
export async function* readEvents(
  server: KnownServerOptions,
  wanted: Omit<FollowOptions, "origin" | "retry">,
): AsyncGenerator<FollowedItem, void> {
  const { http, origin, retry } = knownServer(server);
  using _ = http;
  yield* followEvents(http, { ...wanted, origin, retry });
}
