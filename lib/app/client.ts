import { HttpRemote, LocalWorkspace, type Remote, type RetryOptions, type WorkspaceOptions } from "../client/mod.ts";
import type { HttpClient } from "../network/client/mod.ts";
import { checkOrigin, type HttpAccess, openHttp } from "./open_http.ts";
import { readTrust } from "./tls.ts";

/** Options of {@linkcode openConnection}. */
export interface ConnectionOptions extends WorkspaceOptions, HttpAccess {}

/** A folder and the space it is kept in step with. */
export interface Connection extends Disposable {
  /** The folder, its lock held and its state open until the connection is disposed of. */
  readonly workspace: LocalWorkspace;
  /** The space on the server; how often failed requests are repeated is settled. */
  readonly remote: Remote;
  /** The connections to the server. */
  readonly http: HttpClient;
  /** How failed requests are repeated. */
  readonly retry: RetryOptions;
}

/** Opens a folder as a workspace and prepares to talk to its server; no byte is sent yet. */
export function openConnection(folder: string, options: ConnectionOptions = {}): Connection {
  // Before anything is made in the folder.
  if (options.remote !== undefined) checkOrigin(options.remote);
  const trust = readTrust(options.caCert);
  const workspace = LocalWorkspace.open(folder, options);
  try {
    const { http, origin, retry } = openHttp(workspace.remote, options, trust);
    const remote = new HttpRemote(http, { origin, space: workspace.space, retry });
    return {
      workspace,
      remote,
      http,
      retry,
      [Symbol.dispose]: () => {
        http.close();
        workspace[Symbol.dispose]();
      },
    };
  } catch (cause) {
    workspace[Symbol.dispose]();
    throw cause;
  }
}
