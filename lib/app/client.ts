import {
  defaultRetry,
  HttpRemote,
  LocalWorkspace,
  type Remote,
  type Workspace,
  type WorkspaceOptions,
} from "../client/mod.ts";
import { Failure } from "../core/mod.ts";
import { HttpClient } from "../network/client/mod.ts";
import { readTrust } from "./tls.ts";

/** Options of {@linkcode openConnection}. */
export interface ConnectionOptions extends WorkspaceOptions {
  /** Path of a certificate to trust beside those of the system, PEM. */
  readonly caCertFile?: string | undefined;
}

/** A folder and the space it is kept in step with. */
export interface Connection extends Disposable {
  /** The folder, its lock held and its state open until the connection is disposed of. */
  readonly workspace: Workspace;
  /** The space on the server; how often failed requests are repeated is settled. */
  readonly remote: Remote;
}

/** Opens a folder as a workspace and prepares to talk to its server; no byte is sent yet. */
export function openConnection(folder: string, options: ConnectionOptions = {}): Connection {
  // Before anything is made in the folder.
  if (options.remote !== undefined) checkOrigin(options.remote);
  const trust = readTrust(options.caCertFile);
  const workspace = LocalWorkspace.open(folder, options);
  try {
    const http = new HttpClient({ origin: checkOrigin(workspace.remote), ...trust });
    const remote = new HttpRemote(http, { origin: workspace.remote, space: workspace.space, retry: defaultRetry });
    return {
      workspace,
      remote,
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

/**
 * Checks the address of a server.
 *
 * @throws {Failure} kind `usage` if it is none.
 */
export function checkOrigin(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.hostname !== "") return text;
  throw new Failure("usage", `"${text}" is not the address of a server`, { hint: "Write it as http://HOST:PORT" });
}
