/**
 * What both sides changed: found, shown, merged, and decided.
 *
 * @module
 */
export {
  conflictsAt,
  type KeptCopy,
  listConflicts,
  type OpenConflict,
  showConflict,
  type WaitingConflict,
} from "./conflicts.ts";
export { mergeConflicts } from "./merge_conflicts.ts";
export { type Resolution, resolveConflicts, type ResolveOptions } from "./resolve_conflicts.ts";
