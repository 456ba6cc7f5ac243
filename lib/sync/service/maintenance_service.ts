import { Failure } from "../../core/mod.ts";
import {
  type ConflictRules,
  formatConflictRules,
  noConflictRules,
  type Retention,
  type RetentionRule,
} from "../../metadata/mod.ts";
import { collectGarbage, type GarbageOptions, type GarbageReport, type MaintenanceTools } from "./collect_garbage.ts";
import { type AbsentChunk, listDamage } from "./list_damage.ts";
import { type StorageReport, type VerifyOptions, verifyStorage } from "./verify_storage.ts";

/** What keeps a server's store in order: how long the past is kept, what is done about conflicts, the collection of garbage, verification. */
export class MaintenanceService {
  readonly #tools: MaintenanceTools;

  /** Takes the stores as they are; opening and closing them stays with the caller. */
  constructor(tools: MaintenanceTools) {
    this.#tools = tools;
  }

  /** The rule by which a space keeps superseded versions. */
  retention(space: string): Promise<Retention> {
    return this.#tools.metadata.retention(space);
  }

  /** Sets that rule; the next collection of garbage goes by it. */
  async setRetention(space: string, rule: RetentionRule): Promise<Retention> {
    const retention = await this.#tools.metadata.setRetention(space, rule);
    const { keepVersions, keepForMs } = retention;
    this.#tools.events.emit("storage.retention_changed", {
      space,
      ...(keepVersions === undefined ? {} : { keepVersions }),
      ...(keepForMs === undefined ? {} : { keepForMs }),
    });
    return retention;
  }

  /** What clients of a space do about conflicts, as far as they do not know better. */
  async conflictRules(space: string): Promise<ConflictRules> {
    const head = await this.#tools.metadata.head(space);
    if (head === undefined) throw new Failure("not_found", `There is no space ${JSON.stringify(space)}`);
    return head.conflicts ?? noConflictRules;
  }

  /** Sets what clients of a space do about conflicts, as far as they do not know better; runs that begin go by it. */
  async setConflictRules(space: string, rules: ConflictRules): Promise<ConflictRules> {
    const { conflicts = noConflictRules } = await this.#tools.metadata.setConflictRules(space, rules);
    this.#tools.events.emit("conflict.policies_changed", { space, policies: formatConflictRules(conflicts) });
    return conflicts;
  }

  /** Removes the versions that no rule keeps, then the chunks that no version names. */
  collectGarbage(options: GarbageOptions): Promise<GarbageReport> {
    return collectGarbage(this.#tools, options);
  }

  /** Reads everything that is stored, and tells what is wrong with it. */
  verify(options: VerifyOptions): Promise<StorageReport> {
    return verifyStorage(this.#tools, options);
  }

  /** What the files of a space need and the server cannot give. */
  damage(space: string): Promise<AbsentChunk[]> {
    return listDamage(this.#tools, space);
  }
}
