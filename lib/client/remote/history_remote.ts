import { Failure, type Hash, type SafePath } from "../../core/mod.ts";
import { type ClientResponse, type HttpClient, HttpClientError } from "../../network/client/mod.ts";
import type { RemoteVersion } from "./remote.ts";
import { explainBreak, type RetryOptions } from "./retry.ts";
import { sendRequest } from "./send_request.ts";

/** Options of a {@linkcode HistoryRemote}. */
export interface HistoryRemoteOptions {
  /** Address of the server: `http://host:port`. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** How often a request that got no answer is sent again, and after which waits. */
  readonly retry: RetryOptions;
}

/** One revision of a space, as the server tells it. */
export interface RemoteRevision {
  /** Counts the commits, from 1. */
  readonly revision: number;
  /** The Merkle hash of the whole tree after it, in hexadecimal. */
  readonly root: string;
  /** Which replica committed it, by its client id. */
  readonly client: string;
  /** When the server applied it: ISO 8601 in UTC. */
  readonly committed_at: string;
  /** How many entries it put. */
  readonly puts: number;
  /** How many entries it deleted. */
  readonly deletes: number;
}

/** What to restore. A moment is a revision by its number, or a time with its zone: `2026-01-31T12:00:00Z`. */
export interface RestoreOrder {
  /** A file, a link, or a folder with everything in it; the whole space unless given. */
  readonly path?: SafePath | undefined;
  /** As it was when: a version of a file or link, or a moment. */
  readonly to: { readonly version: number } | { readonly at: string };
  /** Whether what was added since goes; so it is with the whole space unless told. */
  readonly exact?: boolean | undefined;
  /** Change nothing, tell what would change. */
  readonly dryRun: boolean;
  /** Who asks for it, as history will say. */
  readonly client: string;
}

/** What a restore made, as the server tells it. */
export interface RestoreAnswer {
  /** The revision made; the newest if nothing differed, or nothing was to be done. */
  readonly revision: number;
  /** The Merkle hash of the whole tree at that revision. */
  readonly root: Hash;
  /** The revision whose state was brought back. */
  readonly source: number;
  /** Whether an earlier attempt did it, the answer to which was lost; the changes are not told again. */
  readonly repeated: boolean;
  /** How many paths were put back. */
  readonly restored: number;
  /** How many paths were deleted. */
  readonly deleted: number;
  /** The first thousand changes. */
  readonly changes: readonly { readonly path: string; readonly change: string; readonly kind: string }[];
}

/** The longest answer that is read whole, in bytes, and how many revisions are asked for at a time. */
const answerBytesMax = 64 * 1024 * 1024;
const revisionsPerPage = 500;

/** The past of a space on a server, as a client asks for it over HTTP. */
export class HistoryRemote {
  readonly #http: HttpClient;
  readonly #options: HistoryRemoteOptions;
  readonly #base: string;

  /**
   * Sends nothing yet.
   *
   * @param http Connections to the server; they stay the caller's to close.
   */
  constructor(http: HttpClient, options: HistoryRemoteOptions) {
    this.#http = http;
    this.#options = options;
    this.#base = `/api/spaces/${encodeURIComponent(options.space)}`;
  }

  /**
   * The versions of a path, newest first; none if there never was such a path.
   *
   * @param at Only those made up to this moment.
   */
  async versions(path: SafePath, at?: string): Promise<RemoteVersion[]> {
    const query = new URLSearchParams({ path, ...(at === undefined ? {} : { at }) });
    const { versions } = await this.#askJson("GET", `${this.#base}/history?${query}`);
    if (isListOf(versions, isVersion)) return versions;
    throw this.#notDfs();
  }

  /** The revisions of the space, newest first, page by page. */
  async *revisions(): AsyncGenerator<RemoteRevision[]> {
    let before = "";
    while (true) {
      const path = `${this.#base}/revisions?limit=${revisionsPerPage}${before}`;
      const { revisions, next_before } = await this.#askJson("GET", path);
      if (!isListOf(revisions, isRevision)) throw this.#notDfs();
      yield revisions;
      if (next_before === null) return;
      if (!isCount(next_before) || revisions.length === 0) throw this.#notDfs();
      before = `&before=${next_before}`;
    }
  }

  /** The bytes of a version of a file, in pieces. */
  async *content(path: SafePath, version: number): AsyncGenerator<Uint8Array> {
    const { origin, space, retry } = this.#options;
    const query = new URLSearchParams({ space, version: String(version) });
    const target = `/api/file/download/${path.split("/").map(encodeURIComponent).join("/")}?${query}`;
    const request = { method: "GET", path: target };
    const { body } = await sendRequest(this.#http, request, { origin, retry, read: (response) => response });
    try {
      yield* body;
    } catch (cause) {
      throw cause instanceof HttpClientError ? explainBreak(cause, origin) : cause;
    }
  }

  /** Brings back what was, as a new revision of the space. The folder itself gets it with the next pull. */
  async restore({ path, to, exact, dryRun, client }: RestoreOrder): Promise<RestoreAnswer> {
    const order = {
      ...(path === undefined ? { all: true } : { path }),
      ...to,
      exact,
      dry_run: dryRun,
      client,
      id: crypto.randomUUID(),
    };
    const answer = await this.#askJson("POST", `${this.#base}/restore`, order);
    if (isRestored(answer)) return answer;
    throw this.#notDfs();
  }

  /** The members of an answer that is a JSON object. */
  async #askJson(method: string, path: string, content?: unknown): Promise<Readonly<Record<string, unknown>>> {
    const { origin, retry } = this.#options;
    const body = content === undefined ? undefined : new TextEncoder().encode(JSON.stringify(content));
    const request = { method, path, ...(body && { body, headers: { "content-type": "application/json" } }) };
    const read = (response: ClientResponse): Promise<unknown> => response.json({ max: answerBytesMax });
    const answer = await sendRequest(this.#http, request, { origin, retry, read });
    if (isObject(answer)) return answer;
    throw this.#notDfs();
  }

  #notDfs(): Failure {
    return new Failure("unreachable", `The server at ${this.#options.origin} is not a dfs server`, {
      hint: "Check the address and the port",
    });
  }
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null;
}

function isListOf<T>(data: unknown, isItem: (item: unknown) => item is T): data is T[] {
  return Array.isArray(data) && data.every(isItem);
}

function isVersion(data: unknown): data is RemoteVersion {
  return isObject(data) && isCount(data["version"]) && isCount(data["revision"]) &&
    [data["client"], data["committed_at"], data["kind"]].every((value) => typeof value === "string") &&
    (data["kind"] === "file") === (isCount(data["size"]) && typeof data["hash"] === "string");
}

function isRevision(data: unknown): data is RemoteRevision {
  return isObject(data) && [data["revision"], data["puts"], data["deletes"]].every(isCount) &&
    [data["root"], data["client"], data["committed_at"]].every((value) => typeof value === "string");
}

function isRestored(
  data: Readonly<Record<string, unknown>>,
): data is Readonly<Record<string, unknown>> & RestoreAnswer {
  return [data["revision"], data["source"], data["restored"], data["deleted"]].every(isCount) &&
    typeof data["root"] === "string" && typeof data["repeated"] === "boolean" && isListOf(data["changes"], isChange);
}

function isChange(data: unknown): data is RestoreAnswer["changes"][number] {
  return isObject(data) && [data["path"], data["change"], data["kind"]].every((value) => typeof value === "string");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
