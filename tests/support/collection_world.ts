import { assert, assertEquals } from "@std/assert";
import { type Hash, type SafePath, sha256 } from "../../lib/core/mod.ts";
import { type AnyEvent, EventBus } from "../../lib/events/mod.ts";
import type { MetadataStore, RetentionRule } from "../../lib/metadata/mod.ts";
import { encodeRecords } from "../../lib/metadata/binary/mod.ts";
import type { ChunkStore } from "../../lib/storage/mod.ts";
import { MaintenanceService, SyncService } from "../../lib/sync/service/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { concat, frameOf } from "../storage/fixtures.ts";
import { cutContent } from "./cut_content.ts";
import { piecesOf, recordsOf } from "./service_fixture.ts";

/** One acknowledged version of a path. */
interface Acknowledged {
  readonly version: number;
  /** `undefined` for a deletion. */
  readonly bytes: Uint8Array | undefined;
  readonly committedAtMs: number;
}

/**
 * A service, its maintenance, and beside them what was acknowledged, written down by the test: which versions there are
 * and which of them a rule keeps is worked out here once more, in the plainest way.
 */
export class CollectionWorld {
  readonly service: SyncService;
  readonly maintenance: MaintenanceService;
  readonly events: AnyEvent[] = [];
  readonly #space: string;
  readonly #chunks: ChunkStore;
  readonly #time: FakeTime;
  readonly #log = new Map<SafePath, Acknowledged[]>();
  #rule: RetentionRule = {};
  #commits = 0;
  /** How often a commit was told that chunks were missing which were there when it asked. */
  resent = 0;

  constructor(options: { metadata: MetadataStore; chunks: ChunkStore; time: FakeTime; space?: string }) {
    const { metadata, chunks, time, space = "default" } = options;
    const events = new EventBus();
    events.on("*", (event) => void this.events.push(event));
    const tools = { metadata, chunks, clock: time, events };
    this.service = new SyncService(tools);
    this.maintenance = new MaintenanceService(tools);
    this.#chunks = chunks;
    this.#time = time;
    this.#space = space;
  }

  /** Commits as a client does: asks what is lacking, sends that, commits, and sends again what the commit lacks. */
  async commit(
    changes: Readonly<Record<string, Uint8Array | undefined>>,
    beforeCommit: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const cut = Object.entries(changes).map(([path, bytes]) => [path, bytes && cutContent(bytes)] as const);
    const chunks = new Map(cut.flatMap(([, content]) => content?.chunks ?? []).map((chunk) => [sha256(chunk), chunk]));
    const head = await this.service.head(this.#space);
    const id = `commit-${this.#space}-${++this.#commits}`;
    const start = { type: "commit", id, client: "laptop", baseRevision: head?.revision ?? 0 } as const;
    const records = [start, ...cut.flatMap(([path, content]) => recordsOf(path, content))];
    await this.#send(await this.service.lacking(chunks.keys()), chunks);
    await beforeCommit();
    for (let attempt = 0;; attempt++) {
      const outcome = await this.service.commit(this.#space, piecesOf(encodeRecords(records)));
      if (outcome.ok) break;
      assert(outcome.error.reason === "missing_chunks" && attempt < 9, JSON.stringify(outcome.error));
      this.resent++;
      await this.#send(outcome.error.hashes, chunks);
    }
    await this.#acknowledge(changes);
  }

  /** Sets the rule of retention. */
  async keep(rule: RetentionRule): Promise<void> {
    await this.maintenance.setRetention(this.#space, rule);
    this.#rule = rule;
  }

  /** Collects garbage; what the rule does not keep is gone from the log as well. */
  async collect(graceMs: number): Promise<void> {
    const nowMs = this.#time.now();
    await this.maintenance.collectGarbage({ graceMs });
    for (const [path, versions] of this.#log) {
      this.#log.set(
        path,
        versions.filter((_, at) => this.#keeps(versions, at, nowMs)),
      );
    }
  }

  /** Every version that is kept reads as it was acknowledged, and there is no other. */
  async check(): Promise<void> {
    for (const [path, versions] of this.#log) {
      const told = await this.service.history(this.#space, path);
      assertEquals(told.map(({ version }) => version), versions.map(({ version }) => version).reverse(), path);
      for (const { version, bytes } of versions) {
        const entry = told.find((record) => record.version === version)?.entry;
        assertEquals(entry?.kind, bytes === undefined ? undefined : "file");
        if (entry?.kind !== "file" || bytes === undefined) continue;
        const pieces = await Array.fromAsync(this.service.content(entry, 0, entry.size));
        assertEquals(concat(pieces.map((piece) => piece.slice())), bytes, `${path}, version ${version}`);
      }
    }
    assertEquals((await this.maintenance.verify({})).damage, []);
  }

  async #send(hashes: readonly Hash[], chunks: ReadonlyMap<Hash, Uint8Array>): Promise<void> {
    const frames = hashes.map((hash) => frameOf([chunks.get(hash)!]));
    assert((await this.service.putFrames(piecesOf(frames))).ok);
  }

  async #acknowledge(changes: Readonly<Record<string, Uint8Array | undefined>>): Promise<void> {
    for (const [path, bytes] of Object.entries(changes)) {
      const safe = path as SafePath;
      const [newest] = await this.service.history(this.#space, safe);
      const versions = this.#log.get(safe) ?? [];
      if (newest === undefined || versions.at(-1)?.version === newest.version) continue;
      versions.push({ version: newest.version, bytes, committedAtMs: newest.committedAtMs });
      this.#log.set(safe, versions);
    }
  }

  #keeps(versions: readonly Acknowledged[], at: number, nowMs: number): boolean {
    const { keepVersions, keepForMs } = this.#rule;
    const next = versions[at + 1];
    if (next === undefined || (keepVersions === undefined && keepForMs === undefined)) return true;
    if (keepVersions !== undefined && at >= versions.length - keepVersions) return true;
    return keepForMs !== undefined && next.committedAtMs > nowMs - keepForMs;
  }

  /** How many chunks are stored. */
  async storedChunks(): Promise<number> {
    return (await this.#chunks.stats()).chunks;
  }
}
