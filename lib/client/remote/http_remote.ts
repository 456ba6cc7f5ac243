import { ByteWriter, Failure, type Hash, hashBytes, type SafePath, zstdCompress } from "../../core/mod.ts";
import { encodeRecords, type MetadataRecord, metadataType, RecordDecoder } from "../../metadata/binary/mod.ts";
import type { SpaceHead } from "../../metadata/mod.ts";
import { type ClientResponse, decodePieces, type HttpClient, HttpClientError } from "../../network/client/mod.ts";
import { type FrameRoom, readFrames } from "../../storage/mod.ts";
import type { DeltaRemote } from "./delta_remote.ts";
import { explainStatus } from "./explain_status.ts";
import { HttpDeltas } from "./http_deltas.ts";
import { isStanding, readHead } from "./read_head.ts";
import type { CommitAnswer, Remote, RemoteVersion } from "./remote.ts";
import { replicaJson } from "./replica_json.ts";
import { BusyError, explainBreak, type RetryOptions, withRetries } from "./retry.ts";
import { readUnreadable } from "./unreadable_chunks.ts";

/** Options of an {@linkcode HttpRemote}. */
export interface HttpRemoteOptions {
  /** Address of the server: `http://host:port`. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** How failed requests are repeated. */
  readonly retry: RetryOptions;
  /** The longest list of entries that is read, in bytes, unpacked; 1 GiB unless told. */
  readonly metadataBytesMax?: number;
}

interface RemoteRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | readonly Uint8Array[];
  /** Statuses that are answers; any other is a failure. 200 unless told. */
  readonly expect?: readonly number[];
  /** How often it is sent at most, if not as often as the others. */
  readonly attemptsMax?: number;
}

/** The longest answer that is read whole, in bytes. */
const answerBytesMax = 64 * 1024 * 1024;
/** The longest list of entries that is read unless told, in bytes: some ten million of them. */
const metadataBytesMaxDefault: number = 1024 * 1024 * 1024;
const acceptZstd = { "accept-encoding": "zstd" };

/** A space on a server, as a client talks to it over HTTP. A request that fails is repeated. */
export class HttpRemote implements Remote {
  /** Address of the server. */
  readonly origin: string;
  /** Name of the space. */
  readonly space: string;
  /** Carries chunks by their difference to others, if the server does that. */
  readonly deltas: DeltaRemote;
  readonly #http: HttpClient;
  readonly #options: HttpRemoteOptions;
  readonly #base: string;
  /** Whether the server answered before. */
  #reached = false;

  /**
   * Sends nothing yet.
   *
   * @param http Connections to the server; they stay the caller's to close.
   */
  constructor(http: HttpClient, options: HttpRemoteOptions) {
    this.#http = http;
    this.origin = options.origin;
    this.space = options.space;
    this.#options = options;
    this.#base = `/api/spaces/${encodeURIComponent(options.space)}`;
    this.deltas = new HttpDeltas((path, body) => this.#askDeltas(`${this.#base}/chunks/${path}`, body));
  }

  /** Where the space stands, or `undefined` if the server has none of that name. */
  async head(): Promise<SpaceHead | undefined> {
    const { status, data } = await this.#askJson({ method: "GET", path: this.#base, expect: [200, 404] });
    if (status === 404) {
      if (isProblem(data)) return undefined;
      throw this.#notDfs();
    }
    return this.#headOf(data);
  }

  /** Makes the space exist. */
  async createSpace(): Promise<SpaceHead> {
    const { data } = await this.#askJson({ method: "PUT", path: this.#base, expect: [200, 201] });
    return this.#headOf(data);
  }

  /** Everything that lives in the space, as records. */
  snapshot(): AsyncIterable<MetadataRecord[]> {
    return this.#records(`${this.#base}/entries`);
  }

  /** What became of the space since a revision, as records. */
  changes(since: number): AsyncIterable<MetadataRecord[]> {
    return this.#records(`${this.#base}/changes?since=${since}`);
  }

  /** What lies in some directories, as records; the head of the space first. */
  directories(directories: readonly SafePath[]): AsyncIterable<MetadataRecord[]> {
    return this.#records(`${this.#base}/directories`, new TextEncoder().encode(JSON.stringify({ directories })), {
      "content-type": "application/json",
    });
  }

  /** The chunk lists of contents, as records; nothing of those that have none. */
  manifests(contents: readonly Hash[]): AsyncIterable<MetadataRecord[]> {
    return this.#records(`${this.#base}/manifests`, packHashes(contents));
  }

  /** What lies in a directory, as records. */
  async list(directory: SafePath): Promise<MetadataRecord[]> {
    return (await Array.fromAsync(this.#records(`${this.#base}/list?path=${encodeURIComponent(directory)}`))).flat();
  }

  /** All versions of a path, newest first; none if there never was such a path. */
  async history(path: SafePath): Promise<RemoteVersion[]> {
    const target = `${this.#base}/history?path=${encodeURIComponent(path)}`;
    const { data } = await this.#askJson({ method: "GET", path: target });
    if (!isHistory(data)) throw this.#notDfs();
    return data.versions;
  }

  /** Which of these chunks the server lacks. */
  async lacking(hashes: readonly Hash[]): Promise<Set<Hash>> {
    const path = `${this.#base}/chunks/lacking`;
    const bits = await this.#ask({ method: "POST", path, body: packHashes(hashes) }, readBytes);
    if (bits.length !== Math.ceil(hashes.length / 8)) throw this.#notDfs();
    return new Set(hashes.filter((_, index) => bits[index >> 3]! >> (index & 7) & 1));
  }

  /** Sends frames of chunks, given in pieces. */
  async putFrames(pieces: readonly Uint8Array[]): Promise<void> {
    await this.#ask({ method: "POST", path: `${this.#base}/chunks`, body: pieces }, readBytes);
  }

  /** Fetches chunks, as the frames they come in. The caller checks what is in them. */
  async *frames(hashes: readonly Hash[], room?: FrameRoom): AsyncIterable<Uint8Array<ArrayBuffer>> {
    const path = `${this.#base}/chunks/fetch`;
    const response = await this.#open({ method: "POST", path, body: packHashes(hashes), expect: [200, 404, 500] });
    if (response.status !== 200) {
      const data = await response.json({ max: answerBytesMax }).catch(() => undefined);
      throw readUnreadable(data) ?? explainStatus({ status: response.status, data }, this.origin);
    }
    for await (const frame of readFrames(this.#whole(response.body), room)) {
      if (!frame.ok) throw new Failure("corrupt", `The server's answer is broken: ${frame.error.message}`);
      yield frame.value;
    }
  }

  /** Sends a commit. */
  async commit(records: Iterable<MetadataRecord>): Promise<CommitAnswer> {
    const body = packRecords(records);
    const { status, data } = await this.#askJson({
      method: "POST",
      path: `${this.#base}/commits`,
      headers: { "content-encoding": "zstd" },
      body,
      expect: [200, 409, 422],
    });
    if (status === 422) return { outcome: "missing_chunks" };
    if (status === 409) return { outcome: "changed_meanwhile" };
    if (!isStanding(data)) throw this.#notDfs();
    return { outcome: "applied", revision: data.revision, root: data.root };
  }

  /** Tells which revision this client reached, what went wrong, or where a run stands; once only, since each report counts. */
  async reportReplica(state: Parameters<Remote["reportReplica"]>[0]): Promise<void> {
    await this.#ask({
      method: "POST",
      path: `${this.#base}/replicas`,
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(replicaJson(state))),
      expect: [204],
      attemptsMax: 1,
    }, readBytes);
  }

  /** Asks for what an older server does not do, and what any server may refuse to do for so much. */
  #askDeltas(path: string, body: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
    const request: RemoteRequest = { method: "POST", path, body, expect: [200, 400, 404, 405, 413, 422] };
    return this.#ask(request, async (response) => {
      const bytes = await readBytes(response);
      return response.status === 200 ? bytes : undefined;
    });
  }

  /** The records that a request is answered with; a GET unless it has a body. */
  async *#records(
    path: string,
    body?: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): AsyncIterable<MetadataRecord[]> {
    const request = { path, headers: { ...acceptZstd, ...headers } };
    const response = await this.#open(
      body === undefined ? { method: "GET", ...request } : { method: "POST", body, ...request },
    );
    if (response.headers.get("content-type") !== metadataType) {
      await response.discard();
      throw this.#notDfs();
    }
    yield* this.#decodeRecords(response);
  }

  /** Sends a request and reads the answer, as often as it takes. */
  async #ask<T>(request: RemoteRequest, read: (response: ClientResponse) => Promise<T>): Promise<T> {
    const expected = request.expect ?? [200];
    const { origin } = this;
    const send = async (): Promise<T> => {
      const response = await this.#http.request({ ...request, idempotent: true });
      this.#reached = true;
      if (expected.includes(response.status)) return await read(response);
      const data = await response.json({ max: answerBytesMax }).catch(() => undefined);
      const failure = explainStatus({ status: response.status, data }, origin);
      throw response.status === 503 ? new BusyError(failure.message) : failure;
    };
    const { retry } = this.#options;
    const attemptsMax = request.attemptsMax ?? retry.attemptsMax;
    return await withRetries(send, { ...retry, attemptsMax, origin, reached: this.#reached });
  }

  /** The answer to a request, as JSON. */
  #askJson(request: RemoteRequest): Promise<{ status: number; data: unknown }> {
    return this.#ask(request, async (response) => {
      return { status: response.status, data: await response.json({ max: answerBytesMax }) };
    });
  }

  /** The answer to a request, to be read piece by piece. */
  #open(request: RemoteRequest): Promise<ClientResponse> {
    return this.#ask(request, (response) => Promise.resolve(response));
  }

  /** A body that tells a connection that breaks in the middle of it as what it is. */
  async *#whole(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (cause) {
      if (!(cause instanceof HttpClientError)) throw cause;
      throw explainBreak(cause, this.origin);
    }
  }

  /** The records an answer consists of. */
  async *#decodeRecords(response: ClientResponse): AsyncIterable<MetadataRecord[]> {
    const decoder = new RecordDecoder();
    const coding = response.headers.get("content-encoding");
    const pieces = this.#whole(response.body);
    const plain = coding === undefined ? pieces : decodePieces(coding, pieces);
    if (plain === undefined) throw this.#notDfs();
    let bytes = 0;
    for await (const piece of unpacked(plain)) {
      bytes += piece.length;
      if (bytes > (this.#options.metadataBytesMax ?? metadataBytesMaxDefault)) {
        throw new Failure("corrupt", "The server's list of entries does not end");
      }
      const records = decoder.push(piece);
      if (!records.ok) throw new Failure("corrupt", `The server's answer is broken: ${records.error.message}`);
      yield records.value;
    }
    const end = decoder.end();
    if (!end.ok) throw new Failure("unreachable", `The server's answer is not whole: ${end.error.message}`);
  }

  #headOf(data: unknown): SpaceHead {
    if (!isStanding(data)) throw this.#notDfs();
    const head = readHead(data);
    if (head.ok) return head.value;
    throw new Failure("corrupt", `The server's answer is broken: ${head.error}`);
  }

  #notDfs(): Failure {
    return new Failure("unreachable", `The server at ${this.origin} is not a dfs server`, {
      hint: "Check the address and the port",
    });
  }
}

/** Tells of compression that is broken as what it is. */
async function* unpacked(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* pieces;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("corrupt", `The server's answer is broken: ${reason}`, { cause });
  }
}

function readBytes(response: ClientResponse): Promise<Uint8Array<ArrayBuffer>> {
  return response.bytes({ max: answerBytesMax });
}

function packHashes(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hashes.length * hashBytes);
  hashes.forEach((hash, index) => bytes.subarray(index * hashBytes, (index + 1) * hashBytes).setFromHex(hash));
  return bytes;
}

/** The binary form of records, compressed as one. */
function packRecords(records: Iterable<MetadataRecord>): Uint8Array {
  const writer = new ByteWriter();
  for (const piece of encodeRecords(records)) writer.raw(piece);
  return zstdCompress(writer.view());
}

function isHistory(data: unknown): data is { versions: RemoteVersion[] } {
  return typeof data === "object" && data !== null && "versions" in data && Array.isArray(data.versions);
}

function isProblem(data: unknown): boolean {
  return typeof data === "object" && data !== null && "type" in data && "status" in data;
}
