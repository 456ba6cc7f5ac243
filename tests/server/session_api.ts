import { assert, assertEquals } from "@std/assert";
import { openServer, type RunningServer, type ServeOptions } from "../../lib/app/server.ts";
import { type Hash, sha256 } from "../../lib/core/mod.ts";

const encoder = new TextEncoder();

/** What a call was answered. */
export interface SessionAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The content as JSON; each test looks at what it expects. */
  readonly data: ReturnType<typeof JSON.parse>;
}

/** A file as a client lists it. */
export interface ListedFile {
  readonly file_path: string;
  readonly hash: string;
  readonly size: number;
  readonly version?: number;
  readonly modified_time?: string | number;
  readonly mode?: string;
}

/** A text as a client lists it. */
export function listed(file_path: string, text: string | Uint8Array, version?: number): ListedFile {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const entry = { file_path, hash: `sha256:${sha256(bytes)}`, size: bytes.length };
  return version === undefined ? entry : { ...entry, version };
}

/** A chunk as a body of `upload_chunk` tells it. */
export function chunkBody(
  session_id: string,
  file_path: string,
  { index = 0, total = 1, bytes }: { readonly index?: number; readonly total?: number; readonly bytes: Uint8Array },
): Record<string, unknown> {
  const chunk_hash: Hash = sha256(bytes);
  return { session_id, file_path, chunk_index: index, total_chunks: total, data: bytes.toHex(), chunk_hash };
}

/** Asks the session API of a server, as a script would. */
export class SessionApi {
  readonly url: string;

  /** @param url Where the server listens. */
  constructor(url: string) {
    this.url = url;
  }

  /** Posts JSON; a text is sent as it is. */
  async post(path: string, body: unknown): Promise<SessionAnswer> {
    const response = await fetch(`${this.url}/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, data: await response.json() };
  }

  /** Posts what must be accepted; gives the answer's content. */
  async must(path: string, body: unknown): Promise<SessionAnswer["data"]> {
    const { status, data } = await this.post(path, body);
    assert(status < 300, `${path}: ${status} ${JSON.stringify(data)}`);
    return data;
  }

  /** Registers a client; gives its id. */
  async register(client_name = "laptop"): Promise<string> {
    return (await this.must("register", { client_name, platform: "linux" })).client_id;
  }

  /** Begins a session; gives its id. */
  async start(client_id: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return (await this.must("sync/start", { client_id, ...more })).session_id;
  }

  /** Begins a session and compares. */
  async compare(
    client: string,
    files: readonly ListedFile[],
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<{ readonly id: string; readonly diff: SessionAnswer["data"] }> {
    const id = await this.start(client);
    return { id, diff: await this.must("sync/diff", { session_id: id, local_snapshot: files, ...more }) };
  }

  /** Sends a file in one chunk and commits it. */
  async upload(session_id: string, file_path: string, text: string | Uint8Array): Promise<SessionAnswer["data"]> {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    await this.must("file/upload_chunk", chunkBody(session_id, file_path, { bytes }));
    return await this.must("file/upload_complete", { session_id, file_path, expected_hash: sha256(bytes) });
  }

  /** Synchronizes a client that has some files: sends and fetches what it is told to; gives the comparison. */
  async sync(
    client: string,
    files: Readonly<Record<string, string>>,
    versions: Readonly<Record<string, number>> = {},
  ): Promise<SessionAnswer["data"]> {
    const list = Object.entries(files).map(([path, text]) => listed(path, text, versions[path]));
    const { id, diff } = await this.compare(client, list);
    for (const path of diff.files_to_upload) await this.upload(id, path, files[path]!);
    for (const path of diff.files_to_download) await this.download(path, id);
    assertEquals((await this.status(id)).state, "Complete");
    return diff;
  }

  /** Fetches a file; as a download of a session if one is told. */
  async download(path: string, session?: string): Promise<string> {
    const response = await fetch(this.downloadUrl(path, session));
    const text = await response.text();
    assertEquals(response.status, 200, text);
    return text;
  }

  /** Where a file is fetched from. */
  downloadUrl(path: string, session?: string): string {
    return `${this.url}/api/file/download/${path}${session === undefined ? "" : `?session_id=${session}`}`;
  }

  /** Where a session stands. */
  async status(id: string): Promise<SessionAnswer["data"]> {
    const { status, data } = await this.get(`sync/status?session_id=${id}`);
    assertEquals(status, 200, JSON.stringify(data));
    return data;
  }

  /** Gets JSON. */
  async get(path: string): Promise<SessionAnswer> {
    const response = await fetch(`${this.url}/api/${path}`);
    return { status: response.status, headers: response.headers, data: await response.json() };
  }

  /** The version of a path. */
  async version(path: string): Promise<number> {
    return (await this.get(`metadata/get/${path}`)).data.version;
  }
}

/** A server of a data folder, with the API in front of it. */
export interface ServedSessions extends AsyncDisposable {
  readonly api: SessionApi;
  readonly server: RunningServer;
}

/** Serves a data folder, which stays. */
export async function serveSessions(
  dataFolder: string,
  options: Partial<ServeOptions> = {},
): Promise<ServedSessions> {
  const server = await openServer({
    hostname: "127.0.0.1",
    port: 0,
    dataFolder,
    server: "async",
    onError: (error) => console.error(error),
    ...options,
  });
  return { api: new SessionApi(server.url), server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
