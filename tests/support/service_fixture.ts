import { assert } from "@std/assert";
import { emptyContent, type Entry, MemoryMetadataStore, type MetadataStore } from "../../lib/metadata/mod.ts";
import type { ReplicaStore } from "../../lib/metadata/replicas/mod.ts";
import { encodeManifestDelta, encodeRecords, type MetadataRecord } from "../../lib/metadata/binary/mod.ts";
import { type AnyEvent, EventBus } from "../../lib/events/mod.ts";
import { Manifest } from "../../lib/metadata/mod.ts";
import { type CommitReply, SyncService } from "../../lib/sync/service/mod.ts";
import { MemoryChunkStore } from "../../lib/storage/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { at } from "../metadata/store/fixtures.ts";
import { frameOf } from "../storage/fixtures.ts";
import type { CutContent } from "./cut_content.ts";

/** The space that {@linkcode ServiceFixture} commits to. */
export const space = "default";

/** What a {@linkcode ServiceFixture} may stand on beside the trees. */
export interface ServiceFixtureOptions {
  /** Remembers what clients tell; nobody unless given. */
  readonly replicas?: ReplicaStore;
}

/** A service over stores in memory, unless told of another, with everything it said on the bus. */
export class ServiceFixture {
  readonly metadata: MetadataStore;
  readonly chunks: MemoryChunkStore = new MemoryChunkStore();
  readonly time: FakeTime = new FakeTime(5000);
  readonly events: AnyEvent[] = [];
  readonly service: SyncService;
  #ids = 0;

  private constructor(metadata: MetadataStore, options: ServiceFixtureOptions) {
    this.metadata = metadata;
    const bus = new EventBus();
    bus.on("*", (event) => void this.events.push(event));
    const { chunks, time: clock } = this;
    this.service = new SyncService({ metadata, chunks, clock, events: bus, ...options });
  }

  /** Makes one with an empty space. */
  static async make(
    metadata: MetadataStore = new MemoryMetadataStore(),
    options: ServiceFixtureOptions = {},
  ): Promise<ServiceFixture> {
    const fixture = new ServiceFixture(metadata, options);
    await fixture.service.createSpace(space);
    return fixture;
  }

  /** Stores the chunks of some contents. */
  async store(...contents: readonly CutContent[]): Promise<void> {
    for (const { chunks } of contents) {
      const added = await this.service.putFrames(piecesOf(chunks.map((chunk) => frameOf([chunk]))));
      assert(added.ok);
    }
  }

  /** The head of a commit against the present revision. */
  async head(id: string = `commit-${++this.#ids}`): Promise<MetadataRecord> {
    const head = await this.service.head(space);
    assert(head !== undefined);
    return { type: "commit", id, client: "laptop", baseRevision: head.revision };
  }

  /** Commits what must be accepted: `undefined` deletes. */
  async apply(changes: Readonly<Record<string, CutContent | Entry | undefined>>): Promise<CommitReply> {
    const records = [await this.head()];
    for (const [path, change] of Object.entries(changes)) records.push(...recordsOf(path, change));
    const outcome = await this.service.commit(space, piecesOf(encodeRecords(records)));
    assert(outcome.ok, `The commit was refused: ${JSON.stringify(outcome)}`);
    return outcome.value;
  }
}

/** What a commit says of a path. */
export function recordsOf(path: string, change: CutContent | Entry | undefined): MetadataRecord[] {
  if (change === undefined) return [{ type: "deletion", path: at(path), version: 0, revision: 0 }];
  if ("kind" in change) return [{ type: "entry", path: at(path), entry: change, version: 0, revision: 0 }];
  const { entry, manifest } = change;
  const records: MetadataRecord[] = [{ type: "entry", path: at(path), entry, version: 0, revision: 0 }];
  if (manifest.length > 1) {
    const delta = encodeManifestDelta(manifest, Manifest.of([]));
    records.unshift({ type: "manifest", content: entry.content, against: emptyContent, delta });
  }
  return records;
}

/** Hands pieces on as a body does. */
export async function* piecesOf<T>(pieces: Iterable<T>): AsyncGenerator<T> {
  yield* pieces;
}
