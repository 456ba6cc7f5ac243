import { Failure, type Hash } from "../core/mod.ts";
import { decodeSignatures, type DeltaOrder, encodeDeltaOrder } from "../sync/delta/mod.ts";
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

  /** For each of some stored chunks the names of the pieces it is cut into; none for one that is not to be had. */
  async signatures(hashes: readonly Hash[]): Promise<Uint32Array[] | undefined> {
    const answer = await this.#ask("signatures", hashes.map((hash) => Uint8Array.fromHex(hash)));
    if (answer === undefined) return undefined;
    const signatures = decodeSignatures(answer, hashes.length);
    return signatures.ok ? signatures.value : this.#refuse();
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

  async #ask(path: string, body: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
    if (this.#refused) return undefined;
    return await this.#send(path, body) ?? this.#refuse();
  }

  #refuse(): undefined {
    this.#refused = true;
  }
}
