import { MetadataRemote } from "../client/mod.ts";
import { knownServer, type KnownServerOptions } from "./known_server.ts";

/** A space's metadata, until it is disposed of. */
export interface OpenedMetadata extends Disposable {
  readonly metadata: MetadataRemote;
}

/**
 * Prepares to talk of metadata to a server; no byte is sent yet. The folder is not locked.
 *
 * @throws {Failure} if no server is known.
 */
export function openMetadata(options: KnownServerOptions): OpenedMetadata {
  const { http, ...server } = knownServer(options);
  return { metadata: new MetadataRemote(http, server), [Symbol.dispose]: () => http.close() };
}
