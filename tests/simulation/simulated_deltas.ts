import type { DeltaRemote } from "../../lib/client/mod.ts";
import { HttpDeltas } from "../../lib/client/remote/http_deltas.ts";
import { Failure, type Hash, hashBytes, hashFromBytes, type Result } from "../../lib/core/mod.ts";
import { decodeDelta, decodeDeltaOrder, decodePieceOrder } from "../../lib/sync/delta/mod.ts";
import type { SyncService } from "../../lib/sync/service/mod.ts";

/** What {@linkcode simulatedDeltas} works with. */
export interface SimulatedDeltasOptions {
  /** Sends a request to the server, and gives its answer. */
  readonly ask: <T>(what: string, request: (service: SyncService) => Promise<T>) => Promise<T>;
  /** What becomes of bytes on their way; they may be changed in place. */
  readonly carry: (bytes: Uint8Array) => Uint8Array;
  readonly trace: (line: string) => void;
}

/** How deltas go to a simulated server and come from it: in the very bytes that real ones travel in. */
export function simulatedDeltas({ ask, carry, trace }: SimulatedDeltasOptions): DeltaRemote {
  return new HttpDeltas(async (path, body) => {
    const sent = carry(Uint8Array.from(body.flatMap((piece) => [...piece])));
    const answer = await ask(path, (service) => answerDeltas(service, path, sent.slice(), trace));
    return carry(answer.slice());
  });
}

async function answerDeltas(
  service: SyncService,
  path: string,
  body: Uint8Array,
  trace: SimulatedDeltasOptions["trace"],
): Promise<Uint8Array> {
  switch (path) {
    case "signatures":
      return await service.signatures(hashesIn(body));
    case "signatures/pieces":
      return await service.pieceSignatures(understood(decodePieceOrder(body)));
    case "deltas/fetch": {
      const { order: { bases, targets } } = understood(decodeDeltaOrder(body));
      const delta = await service.delta({ bases, targets });
      const units = (_: number, count: number): Uint8Array => new Uint8Array(count);
      const made = understood(decodeDelta(delta, { targets: targets.length, units }));
      trace(`  ${made.filter((chunk) => chunk !== undefined).length} chunks leave as deltas`);
      return delta;
    }
    case "deltas": {
      const { order, rest } = understood(decodeDeltaOrder(body));
      const right = understood(await service.putDelta(order, rest));
      trace(`  ${right.filter((isRight) => isRight).length} chunks arrive as deltas`);
      const bits = new Uint8Array(Math.ceil(right.length / 8));
      right.forEach((isRight, index) => bits[index >> 3]! |= isRight ? 0 : 1 << (index & 7));
      return bits;
    }
    default:
      throw new TypeError(`There are no deltas at ${path}`);
  }
}

function hashesIn(body: Uint8Array): Hash[] {
  return Array.from({ length: body.length / hashBytes }, (_, index) => {
    return hashFromBytes(body.subarray(index * hashBytes, (index + 1) * hashBytes));
  });
}

/** What was altered on its way is refused. */
function understood<T>(read: Result<T, string>): T {
  if (read.ok) return read.value;
  throw new Failure("corrupt", read.error);
}
