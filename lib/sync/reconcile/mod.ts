/**
 * Three-way reconciliation: what both sides of a space have to change so that they agree, given what they last agreed on.
 * Takes trees and gives differences and conflicts; touches nothing, and the same trees always give the same outcome.
 *
 * @module
 */
export { conflictPolicies, type ConflictPolicy } from "../../metadata/mod.ts";
export { mergedFile, type ThreeFiles } from "./merged_file.ts";
export {
  type Conflict,
  type ConflictOutcome,
  reconcile,
  type ReconcileOptions,
  type Reconciliation,
  type ThreeTrees,
} from "./reconcile.ts";
