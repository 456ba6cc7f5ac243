import { openServer, type RunningServer } from "../../lib/app/server.ts";
import { openConnection } from "../../lib/app/client.ts";
import { push } from "../../lib/client/mod.ts";
import { systemClock } from "../../lib/core/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A server with an empty space, asked over HTTP. */
export class MetadataApi implements AsyncDisposable {
  readonly url: string;
  readonly folder: TempFolder;
  readonly #server: RunningServer;

  private constructor(folder: TempFolder, server: RunningServer) {
    this.folder = folder;
    this.#server = server;
    this.url = server.url;
  }

  /** Starts one. */
  static async open(): Promise<MetadataApi> {
    const folder = await TempFolder.make();
    const server = await openServer({
      hostname: "127.0.0.1",
      port: 0,
      dataFolder: `${folder.path}/data`,
      server: "async",
      onError: (error) => console.error(error),
    });
    return new MetadataApi(folder, server);
  }

  /** Asks; the content, if any, is JSON unless its type is told. */
  async ask(method: string, target: string, options: AskOptions = {}): Promise<Answer> {
    const { body, type = "application/json", headers = {} } = options;
    const content = body === undefined || body instanceof Uint8Array || typeof body === "string"
      ? body
      : JSON.stringify(body);
    const response = await fetch(`${this.url}/api/metadata/${target}`, {
      method,
      headers: { ...headers, ...(content === undefined ? {} : { "Content-Type": type }) },
      ...(content === undefined ? {} : { body: content as Uint8Array<ArrayBuffer> | string }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text,
      data: isJson ? JSON.parse(text) : undefined,
    };
  }

  /** Pushes files, by path and text, to the space. */
  async push(files: Readonly<Record<string, string>>): Promise<void> {
    using connection = openConnection(this.folder.folder("tree", files), { remote: this.url });
    await push(connection.workspace, connection.remote, {
      clock: systemClock,
      dryRun: false,
      force: false,
      checksum: false,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}

/** What goes with a request. */
export interface AskOptions {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The content, if it is JSON; each test looks at what it expects. */
  readonly data: ReturnType<typeof JSON.parse>;
}
