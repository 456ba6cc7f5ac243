import { appendAudit, type AuditChain } from "./audit_chain.ts";
import type { AuditStore } from "./audit_file.ts";
import type { Component } from "./component.ts";
import type { EventBus } from "./event_bus.ts";
import { allEventTypes } from "./event_pattern.ts";
import { type DfsEvent, eventTypes } from "./event_types.ts";

/** How many records may wait for a disk that fails; further ones are lost, and counted. */
export const auditPendingMax = 10_000;

/**
 * Writes down who did what, for ever: every event the table marks for the audit, each line chained to the one before.
 *
 * Nobody waits for it. While the disk fails, records are kept and written again with the next event, or when it stops.
 * Where several workers share events it belongs in one of them.
 */
export class AuditJournal implements Component {
  readonly name = "audit journal";
  readonly #store: AuditStore;
  #chain: AuditChain;
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #lost = 0;
  #failure: unknown;
  #subscriptions: readonly Disposable[] = [];

  /**
   * Goes on with the chain that the store ends with.
   *
   * @param store Where to write; it is closed when the component stops.
   */
  constructor(store: AuditStore) {
    this.#store = store;
    this.#chain = store.chain;
  }

  /** How many records were lost because too many waited. */
  get lost(): number {
    return this.#lost;
  }

  /** What the last writing failed with; `undefined` if it succeeded. */
  get failure(): unknown {
    return this.#failure;
  }

  start(bus: EventBus): void {
    this.#subscriptions = allEventTypes
      .filter((type) => eventTypes[type].audit)
      .map((type) => bus.on(type, (event: DfsEvent) => this.#record(event), { name: this.name }));
  }

  /** Writes what is left. Rejects if the disk still fails. */
  async stop(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#subscriptions = [];
    await this.flush();
    this.#store.close();
    if (this.#pending.length > 0) throw this.#failure;
  }

  /** Waits until everything so far was written, or tried once more. */
  flush(): Promise<void> {
    return this.#writing ??= this.#writeSoon();
  }

  #record(event: DfsEvent): void {
    if (this.#pending.length >= auditPendingMax) {
      this.#lost++;
      return;
    }
    const { line, chain } = appendAudit(this.#chain, event);
    this.#chain = chain;
    this.#pending.push(line);
    this.#writing ??= this.#writeSoon();
  }

  async #writeSoon(): Promise<void> {
    // Records of the same turn share one sync.
    await null;
    do await this.#write(); while (this.#pending.length > 0 && this.#failure === undefined);
    this.#writing = undefined;
  }

  async #write(): Promise<void> {
    const count = this.#pending.length;
    if (count === 0) return;
    try {
      await this.#store.append(this.#pending.slice(0, count).join("\n") + "\n");
      this.#pending.splice(0, count);
      this.#failure = undefined;
    } catch (cause) {
      this.#failure = cause;
    }
  }
}
