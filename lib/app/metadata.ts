import { defaultRetry, MetadataRemote, readWorkspaceConfig } from "../client/mod.ts";
import { Failure } from "../core/mod.ts";
import { HttpClient } from "../network/client/mod.ts";
import { checkOrigin } from "./client.ts";
import { readTrust } from "./tls.ts";

/** Whose metadata to open. */
export interface OpenMetadataOptions {
  /** Address of the server; the one the folder remembers unless given. */
  readonly remote?: string | undefined;
  /** Name of the space; the one the folder remembers, or `default`, unless given. */
  readonly space?: string | undefined;
  /** Path of a certificate to trust beside those of the system, PEM. */
  readonly caCertFile?: string | undefined;
  /** The synchronized folder. */
  readonly folder: string;
}

/** A space's metadata, until it is disposed of. */
export interface OpenedMetadata extends Disposable {
  readonly metadata: MetadataRemote;
}

/**
 * Prepares to talk of metadata to a server; no byte is sent yet. The folder is not locked.
 *
 * @throws {Failure} if no server is known.
 */
export function openMetadata({ remote, space, folder, caCertFile }: OpenMetadataOptions): OpenedMetadata {
  const config = readWorkspaceConfig(`${folder}/.dfs/config.yaml`);
  const address = remote?.replace(/\/+$/, "") ?? config?.remote;
  if (address === undefined) {
    throw new Failure("usage", `No server is known for "${folder}"`, { hint: "Name it: --remote http://HOST:PORT" });
  }
  const origin = checkOrigin(address);
  const http = new HttpClient({ origin, ...readTrust(caCertFile) });
  const options = { origin, space: space ?? config?.space ?? "default", retry: defaultRetry };
  return { metadata: new MetadataRemote(http, options), [Symbol.dispose]: () => http.close() };
}
