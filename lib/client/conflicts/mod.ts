/**
 * What both sides changed: found, shown, merged, and decided.
 *
 * @module
 */
export type { RunContext } from "../strategy.ts";
export {
  conflictsAt,
  type KeptCopy,
  listConflicts,
  type OpenConflict,
  showConflict,
  type WaitingConflict,
} from "./conflicts.ts";
export { mergeConflicts, type Merges } from "./merge_conflicts.ts";
export { type Resolution, resolveConflicts, type ResolveOptions } from "./resolve_conflicts.ts";
