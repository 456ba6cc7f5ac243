import type { Hash } from "../../core/mod.ts";
import type { DeltaOrder, PieceOrder } from "../../sync/delta/mod.ts";

/**
 * What a server does that takes and gives chunks by their difference to others. Every request may be repeated without
 * harm. A method gives `undefined` where the server does not do it: chunks are carried whole then.
 */
export interface DeltaRemote {
  /** For each of some stored chunks the names of its coarse pieces; none for one that is not to be had. */
  signatures(hashes: readonly Hash[]): Promise<Uint32Array[] | undefined>;
  /** For each of some coarse pieces the names of the fine ones it is cut into. */
  pieces(order: PieceOrder): Promise<Uint32Array[] | undefined>;
  /** Sends chunks made of pieces of stored ones; gives those that did not come out right. */
  put(order: DeltaOrder, delta: Uint8Array): Promise<Set<Hash> | undefined>;
  /** Fetches how to make chunks of bytes of others. The caller checks what comes of it. */
  fetch(order: DeltaOrder): Promise<Uint8Array | undefined>;
}
