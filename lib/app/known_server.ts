import { Failure } from "../core/mod.ts";
import { type HttpAccess, type OpenedHttp, openHttp } from "./open_http.ts";

/** Which server and space are meant, and how the server is talked to. */
export interface KnownServerOptions extends HttpAccess {
  /** Address of the server, if one is known. */
  readonly remote?: string | undefined;
  /** Name of the space; `default` unless given. */
  readonly space?: string | undefined;
  /** The synchronized folder, for messages. */
  readonly folder: string;
}

/** A space on a server, and connections to it. */
export interface KnownServer extends OpenedHttp {
  /** Name of the space. */
  readonly space: string;
}

/**
 * Prepares to talk to the server that is meant; no byte is sent yet. The folder is not locked.
 *
 * @throws {Failure} if no server is known.
 */
export function knownServer({ remote, space = "default", folder, ...access }: KnownServerOptions): KnownServer {
  if (remote !== undefined) return { ...openHttp(remote.replace(/\/+$/, ""), access), space };
  throw new Failure("usage", `No server is known for "${folder}"`, { hint: "Name it: --remote http://HOST:PORT" });
}
