import type { CommitAnswer, Remote, RemoteVersion } from "../../lib/client/mod.ts";
import { UnreadableChunks } from "../../lib/client/remote/unreadable_chunks.ts";
import { Failure, type Hash } from "../../lib/core/mod.ts";
import { encodeRecords, type MetadataRecord } from "../../lib/metadata/binary/mod.ts";
import type { SpaceHead, VersionRecord } from "../../lib/metadata/mod.ts";
import type { SyncService } from "../../lib/sync/service/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import type { Process } from "./process.ts";
import { simulatedDeltas } from "./simulated_deltas.ts";
import { CutConnection, type SimulatedServer } from "./simulated_server.ts";

/** What becomes of requests and answers on their way. */
export interface NetworkFate {
  /** The share of requests that something happens to, from 0 to 1. */
  readonly faults: number;
  /** Whether a request may arrive long after its client gave it up. */
  readonly late: boolean;
}

/** Requests that are still on their way, though nobody waits for an answer. */
export type LateRequests = (() => Promise<void>)[];

/** Options of {@linkcode simulatedRemote}. */
export interface SimulatedRemoteOptions {
  readonly server: SimulatedServer;
  readonly process: Process;
  readonly random: SeededRandom;
  readonly fate: NetworkFate;
  readonly late: LateRequests;
  readonly trace: (line: string) => void;
  /** Told of each commit that was answered as applied. */
  readonly onApplied: (records: readonly MetadataRecord[]) => void;
}

/** Options of {@linkcode askServer}. */
export type AskOptions = Omit<SimulatedRemoteOptions, "onApplied">;

/** Deltas are few, and what is altered in them shows only by the hashes of what they make. */
const deltasAltered = 2;

const attemptsMax = 3;
const space = "default";

/** A server as one program reaches it, over a network that loses, repeats, delays and alters. */
export function simulatedRemote(options: SimulatedRemoteOptions): Remote {
  const ask = <T>(what: string, request: (service: SyncService) => Promise<T>): Promise<T> =>
    askServer(what, request, options);
  const records = async function* (
    what: string,
    read: (service: SyncService, head: SpaceHead) => AsyncIterable<MetadataRecord[]>,
  ): AsyncIterable<MetadataRecord[]> {
    yield* await ask(what, async (service) => {
      const head = await service.head(space);
      if (head === undefined) throw new Failure("not_found", "There is no such space");
      return await Array.fromAsync(read(service, head));
    });
  };
  return {
    origin: "http://simulated",
    space,
    deltas: simulatedDeltas({ ask, carry: (bytes) => altered(bytes, options, deltasAltered), trace: options.trace }),
    head: () => ask("head", (service) => service.head(space)),
    createSpace: () => ask("createSpace", (service) => service.createSpace(space)),
    snapshot: () => records("snapshot", (service, head) => service.snapshot(head)),
    changes: (since) => records("changes", (service, head) => service.changes(head, since)),
    directories: (asked) => records("directories", (service, head) => service.directories(head, asked)),
    manifests: (contents) => records("manifests", (service) => service.manifests(contents)),
    list: (directory) =>
      ask("list", async (service) => (await Array.fromAsync(service.listing(space, directory))).flat()),
    history: (path) => ask("history", async (service) => (await service.history(space, path)).map(toRemoteVersion)),
    lacking: (hashes) => ask("lacking", async (service) => new Set(await service.lacking(hashes))),
    putFrames: async (pieces) => {
      const sent = pieces.map((piece) => altered(piece.slice(), options));
      await ask("putFrames", async (service) => {
        const put = await service.putFrames(streamOf(sent.map((piece) => piece.slice())));
        if (!put.ok) throw new Failure("corrupt", put.error.message);
      });
    },
    frames: async function* (hashes: readonly Hash[]) {
      const frames = await ask("frames", (service) => framesOf(hashes, service));
      for (const frame of frames) yield altered(frame.slice(), options);
    },
    commit: (given) => commit([...given], options),
    reportReplica: async () => {
      await ask("reportReplica", () => Promise.resolve());
    },
  };
}

/** The frames of some chunks; where there are none, the client is told which cannot be given. */
async function framesOf(hashes: readonly Hash[], service: SyncService): Promise<Uint8Array<ArrayBuffer>[]> {
  try {
    return await Array.fromAsync(service.frames(hashes));
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.kind !== "not_found") throw cause;
    const unreadable = new Set(await service.unreadable(hashes));
    throw unreadable.size > 0 ? new UnreadableChunks(unreadable) : cause;
  }
}

async function commit(records: readonly MetadataRecord[], options: SimulatedRemoteOptions): Promise<CommitAnswer> {
  const pieces = [...encodeRecords(records)].map((piece) => piece.slice());
  const answer = await askServer("commit", async (service): Promise<CommitAnswer> => {
    const outcome = await service.commit(space, streamOf(pieces));
    if (outcome.ok) return { outcome: "applied", revision: outcome.value.revision, root: outcome.value.root };
    const { error } = outcome;
    if (error.reason === "missing_chunks" || error.reason === "changed_meanwhile") return { outcome: error.reason };
    throw new Failure("io", `The server says: ${JSON.stringify(error)}`);
  }, options);
  if (answer.outcome === "applied") options.onApplied(records);
  return answer;
}

/** Sends a request as often as it takes, or as is tried. */
export async function askServer<T>(
  what: string,
  request: (service: SyncService) => Promise<T>,
  options: AskOptions,
): Promise<T> {
  const { process, trace } = options;
  for (let attempt = 1;; attempt++) {
    await process.pause(what);
    try {
      const answer = await send(request, options);
      await process.pause(`answer to ${what}`);
      return answer;
    } catch (cause) {
      if (!(cause instanceof CutConnection)) throw cause;
      trace(`  ${what}: ${cause.message}`);
      if (attempt === attemptsMax) throw new Failure("unreachable", cause.message);
    }
  }
}

/** Sends a request once. */
async function send<T>(
  request: (service: SyncService) => Promise<T>,
  { server, random, fate, late }: AskOptions,
): Promise<T> {
  const event = random.next() >= fate.faults ? "none" : random.pick(["lost", "unanswered", "twice", "late"]);
  if (event === "lost") throw new CutConnection("the request is lost");
  if (event === "late" && fate.late) {
    late.push(async () => {
      await server.serve(request).catch(() => {});
    });
    throw new CutConnection("the request is delayed");
  }
  if (event === "twice") await server.serve(request);
  const answer = await server.serve(request);
  if (event === "unanswered") throw new CutConnection("the answer is lost");
  return answer;
}

/** Bytes as they arrive: now and then one bit is another. */
function altered<T extends Uint8Array>(bytes: T, { random, fate }: SimulatedRemoteOptions, share = 1 / 8): T {
  if (bytes.length > 0 && fate.faults > 0 && random.next() < fate.faults * share) {
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  }
  return bytes;
}

async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

function toRemoteVersion({ version, revision, client, committedAtMs, entry }: VersionRecord): RemoteVersion {
  const committed = new Date(committedAtMs).toISOString();
  return { version, revision, client, committed_at: committed, kind: entry?.kind ?? "deleted" };
}
