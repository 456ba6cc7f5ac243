import { Failure, type Hash, hashToBytes } from "../../core/mod.ts";
import {
  decodeSignatures,
  type DeltaOrder,
  encodeDeltaOrder,
  encodePieceOrder,
  type PieceOrder,
} from "../../sync/delta/mod.ts";
import type { DeltaRemote } from "./delta_remote.ts";

/** Sends bytes to a path below a space's chunks; gives what is answered, or nothing if the server refuses. */
export type AskBytes = (path: string, body: readonly Uint8Array[]) => Promise<Uint8Array | undefined>;

/** What a server answers to deltas over HTTP. One that refuses once is not asked again. */
export class HttpDeltas implements DeltaRemote {
  readonly #send: AskBytes;
  #refused = false;

  /** Sends nothing yet. */
  constructor(send: AskBytes) {
    this.#send = send;
  }

  /** For each of some stored chunks the names of its coarse pieces; none for one that is not to be had. */
  signatures(hashes: readonly Hash[]): Promise<Uint32Array[] | undefined> {
    return this.#names("signatures", hashes.map(hashToBytes), hashes.length);
  }

  /** For each of some coarse pieces the names of the fine ones it is cut into. */
  pieces(order: PieceOrder): Promise<Uint32Array[] | undefined> {
    return this.#names("signatures/pieces", [encodePieceOrder(order)], order.pieces.length);
  }

  /** Sends chunks made of pieces of stored ones; gives those that did not come out right. */
  async put(order: DeltaOrder, delta: Uint8Array): Promise<Set<Hash> | undefined> {
    const bits = await this.#ask("deltas", [encodeDeltaOrder(order), delta]);
    if (bits === undefined) return undefined;
    if (bits.length !== Math.ceil(order.targets.length / 8)) {
      throw new Failure("corrupt", "The server did not say which chunks came out right");
    }
    return new Set(order.targets.filter((_, index) => bits[index >> 3]! >> (index & 7) & 1));
  }

  /** Fetches how to make chunks of bytes of others. The caller checks what comes of it. */
  fetch(order: DeltaOrder): Promise<Uint8Array | undefined> {
    return this.#ask("deltas/fetch", [encodeDeltaOrder(order)]);
  }

  async #names(path: string, body: readonly Uint8Array[], count: number): Promise<Uint32Array[] | undefined> {
    const answer = await this.#ask(path, body);
    if (answer === undefined) return undefined;
    const names = decodeSignatures(answer, count);
    return names.ok ? names.value : this.#refuse();
  }

  async #ask(path: string, body: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
    if (this.#refused) return undefined;
    return await this.#send(path, body) ?? this.#refuse();
  }

  #refuse(): undefined {
    this.#refused = true;
  }
}
