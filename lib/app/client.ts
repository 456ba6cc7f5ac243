import { defaultRetry, HttpRemote, LocalWorkspace, type Remote, type WorkspaceOptions } from "../client/mod.ts";
import { Failure } from "../core/mod.ts";
import { HttpClient } from "../network/client/mod.ts";
import { readTrust } from "./tls.ts";

/** Options of {@linkcode openConnection}. */
export interface ConnectionOptions extends WorkspaceOptions {
  /** Path of a certificate to trust beside those of the system, PEM. */
  readonly caCertFile?: string | undefined;
  /** Bytes a second to send at most, over all requests together. */
  readonly limitUp?: number | undefined;
  /** Bytes a second to receive at most, likewise. */
  readonly limitDown?: number | undefined;
  /** How often a failed request is repeated. */
  readonly retries?: number | undefined;
  /** How long the server may take to answer, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** A folder and the space it is kept in step with. */
export interface Connection extends Disposable {
  /** The folder, its lock held and its state open until the connection is disposed of. */
  readonly workspace: LocalWorkspace;
  /** The space on the server; how often failed requests are repeated is settled. */
  readonly remote: Remote;
  /** The connections to the server. */
  readonly http: HttpClient;
}

/** Opens a folder as a workspace and prepares to talk to its server; no byte is sent yet. */
export function openConnection(folder: string, options: ConnectionOptions = {}): Connection {
  // Before anything is made in the folder.
  if (options.remote !== undefined) checkOrigin(options.remote);
  const trust = readTrust(options.caCertFile);
  const workspace = LocalWorkspace.open(folder, options);
  try {
    const { limitUp, limitDown, retries, timeoutMs } = options;
    const http = new HttpClient({
      origin: checkOrigin(workspace.remote),
      ...trust,
      limitUp,
      limitDown,
      ...(timeoutMs === undefined ? {} : { timeouts: { replyMs: timeoutMs } }),
    });
    const retry = retries === undefined ? defaultRetry : { ...defaultRetry, attemptsMax: retries + 1 };
    const remote = new HttpRemote(http, { origin: workspace.remote, space: workspace.space, retry });
    return {
      workspace,
      remote,
      http,
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
