import {
  defaultRetry,
  type FollowedItem,
  followEvents,
  type FollowOptions,
  readWorkspaceConfig,
} from "../client/mod.ts";
import { Failure } from "../core/mod.ts";
import { HttpClient } from "../network/client/mod.ts";
import { checkOrigin } from "./client.ts";
import { readTrust } from "./tls.ts";

/** Options of {@linkcode readEvents}. */
export interface ReadEventsOptions extends Omit<FollowOptions, "origin" | "retry"> {
  /** Address of the server; the one the folder remembers unless given. */
  readonly remote?: string | undefined;
  /** Path of a certificate to trust beside those of the system, PEM. */
  readonly caCertFile?: string | undefined;
  /** The synchronized folder. */
  readonly folder: string;
}

/**
 * Reads the live feed of the server that a folder is kept in step with. The folder is not locked: others may push and
 * pull meanwhile.
 *
 * @throws {Failure} if no server is known, or it refuses.
 */
export async function* readEvents(options: ReadEventsOptions): AsyncGenerator<FollowedItem, void> {
  const { remote, folder, caCertFile, ...follow } = options;
  const origin = checkOrigin(remote?.replace(/\/+$/, "") ?? rememberedRemote(folder));
  using http = new HttpClient({ origin, ...readTrust(caCertFile) });
  yield* followEvents(http, { ...follow, origin, retry: defaultRetry });
}

function rememberedRemote(folder: string): string {
  const config = readWorkspaceConfig(`${folder}/.dfs/config.yaml`);
  if (config !== undefined) return config.remote;
  throw new Failure("usage", `No server is known for "${folder}"`, { hint: "Name it: --remote http://HOST:PORT" });
}
