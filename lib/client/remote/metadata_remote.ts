import { Failure, type SafePath } from "../../core/mod.ts";
import { encodeMetadata, metadataType, RecordDecoder } from "../../metadata/binary/mod.ts";
import type { FileMetadata, SyncStatus } from "../../metadata/mod.ts";
import type { ClientResponse, HttpClient } from "../../network/client/mod.ts";
import type { RetryOptions } from "./retry.ts";
import { sendRequest } from "./send_request.ts";

/** Options of a {@linkcode MetadataRemote}. */
export interface MetadataRemoteOptions {
  /** Address of the server: `http://host:port`. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** How often a request that got no answer is sent again, and after which waits. */
  readonly retry: RetryOptions;
}

/** Which metadata to list. */
export interface MetadataFilter {
  /** What the paths begin with, such as `docs/` or `docs/re`; all paths unless given. */
  readonly prefix?: string | undefined;
  /** A pattern that the whole path must match: `*` within a name, `**` across folders. */
  readonly glob?: string | undefined;
  /** Only paths that stand so; `deleted` lists those that are gone. */
  readonly state?: SyncStatus | undefined;
}

/** What came of adding some entries. */
export interface AddedMetadata {
  /** What is now known of the paths, as the server answered it. */
  readonly files: readonly FileMetadata[];
  /** Whether any of them was new. */
  readonly changed: boolean;
}

/** The longest answer that is read whole, in bytes, and how many paths a page has. */
const answerBytesMax = 64 * 1024 * 1024;
const pageSize = 5000;

/** The metadata of a space on a server, as a client asks for it over HTTP. */
export class MetadataRemote {
  readonly #http: HttpClient;
  readonly #options: MetadataRemoteOptions;

  /**
   * Sends nothing yet.
   *
   * @param http Connections to the server; they stay the caller's to close.
   */
  constructor(http: HttpClient, options: MetadataRemoteOptions) {
    this.#http = http;
    this.#options = options;
  }

  /** What is known of a path; throws a `Failure` of kind `not_found` if nothing is. */
  async get(path: SafePath): Promise<FileMetadata> {
    const response = await this.#send({ method: "GET", target: `get/${encodePath(path)}` });
    const [file] = await readMetadata(response);
    if (file === undefined) throw this.#notDfs();
    return file;
  }

  /** What is known of all paths that pass a filter, page by page. */
  async *list(filter: MetadataFilter = {}): AsyncGenerator<FileMetadata[]> {
    const query = new URLSearchParams({ limit: String(pageSize) });
    for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
    while (true) {
      const response = await this.#send({ method: "GET", target: "list", query });
      const next = /[?&]cursor=([^&>]+)/.exec(response.headers.get("link") ?? "")?.[1];
      yield await readMetadata(response);
      if (next === undefined) return;
      query.set("cursor", decodeURIComponent(next));
    }
  }

  /** All versions of a path, newest first, as the server tells them. */
  async history(path: SafePath): Promise<readonly Record<string, unknown>[]> {
    const response = await this.#send({
      method: "GET",
      target: `history/${encodePath(path)}`,
      accept: "application/json",
    });
    const data = await response.json({ max: answerBytesMax });
    if (typeof data === "object" && data !== null && "versions" in data && Array.isArray(data.versions)) {
      return data.versions;
    }
    throw this.#notDfs();
  }

  /** Announces entries, all or none. */
  async add(entries: readonly FileMetadata[]): Promise<AddedMetadata> {
    const body = [...encodeMetadata(entries)];
    const response = await this.#send({ method: "POST", target: "add", body });
    return { files: await readMetadata(response), changed: response.status === 201 };
  }

  /** Deletes a path; if `version` is given, only that one. */
  async delete(path: SafePath, version?: number): Promise<void> {
    const headers = version === undefined ? {} : { "if-match": `"${version}"` };
    const response = await this.#send({ method: "DELETE", target: `get/${encodePath(path)}`, headers });
    await response.discard();
  }

  async #send(request: {
    readonly method: string;
    readonly target: string;
    readonly query?: URLSearchParams;
    readonly accept?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: readonly Uint8Array[];
  }): Promise<ClientResponse> {
    const { method, target, accept = metadataType, headers, body } = request;
    const { origin, space, retry } = this.#options;
    const query = new URLSearchParams(request.query);
    query.set("space", space);
    const path = `/api/metadata/${target}?${query}`;
    const fields = { accept, ...headers, ...(body && { "content-type": metadataType }) };
    const content = { method, path, headers: fields, ...(body && { body }) };
    return await sendRequest(this.#http, content, { origin, retry, read: (response) => response });
  }

  #notDfs(): Failure {
    return new Failure("unreachable", `The server at ${this.#options.origin} is not a dfs server`, {
      hint: "Check the address and the port",
    });
  }
}

function encodePath(path: SafePath): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

async function readMetadata(response: ClientResponse): Promise<FileMetadata[]> {
  const decoder = new RecordDecoder();
  const files: FileMetadata[] = [];
  for await (const piece of response.body) {
    const records = decoder.push(piece);
    if (!records.ok) throw new Failure("corrupt", `The server's answer is broken: ${records.error.message}`);
    for (const record of records.value) if (record.type === "metadata") files.push(...record.entries);
  }
  const end = decoder.end();
  if (!end.ok) throw new Failure("unreachable", `The server's answer is not whole: ${end.error.message}`);
  return files;
}
