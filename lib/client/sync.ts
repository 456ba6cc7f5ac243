import type { SafePath } from "../core/mod.ts";
import { type Entry, joinConflictRules, noConflictRules } from "../metadata/mod.ts";
import { conflictName } from "../sync/mod.ts";
import { reconcile, type ReconcileOptions } from "../sync/reconcile/mod.ts";
import { findAuthors, type Remote } from "./remote/mod.ts";
import { mergeConflicts } from "./conflicts/mod.ts";
import type { TransferOptions } from "./options.ts";
import type { LocalRead } from "./folder/mod.ts";
import type { SyncReport } from "./report.ts";
import type { Plan, Sides } from "./plan.ts";
import { conflictPolicyOf } from "./settings/mod.ts";
import type { RunContext, Strategy } from "./strategy.ts";
import { runSync } from "./sync_run.ts";
import type { Workspace } from "./workspace/mod.ts";

/**
 * Carries changes both ways, so that folder and space agree: what one side changed goes to the other, and where both
 * changed the same, a policy decides. Nothing that either side wrote is lost by it.
 *
 * @throws {Failure} kind `refused` if that would delete a large part of either side.
 */
export function sync(workspace: Workspace, remote: Remote, options: TransferOptions): Promise<SyncReport> {
  return runSync(syncing, workspace, remote, options);
}

const syncing: Strategy = { direction: "sync", uploads: true, plan: planSync };

async function planSync(sides: Sides, run: RunContext & { readonly read: LocalRead }): Promise<Plan> {
  const { workspace, options, head } = run;
  const trees = { base: sides.agreed, local: sides.folder, remote: sides.server };
  const atMs = options.clock.now();
  const policies = joinConflictRules(options.conflicts ?? noConflictRules, head.conflicts ?? noConflictRules);
  const policyOf = conflictPolicyOf(policies);
  let authors: ReadonlyMap<SafePath, string> = new Map();
  const reconciled = (merged: ReadonlyMap<SafePath, Entry | undefined>): ReturnType<typeof reconcile> => {
    const rules: ReconcileOptions = {
      policyOf,
      merged,
      copyName: (path, side, attempt) => {
        const client = side === "local" ? workspace.clientId : authors.get(path) ?? "server";
        return conflictName(path, { client, atMs: atMs + attempt * 1000 });
      },
    };
    return reconcile(trees, rules);
  };
  const first = reconciled(new Map());
  if (first.conflicts.length === 0) return first;
  const unmerged = first.conflicts.filter(({ outcome }) => outcome === "unmerged");
  const merged = await mergeConflicts(unmerged, run);
  authors = await findAuthors(first.conflicts, run.remote);
  return { ...reconciled(merged.entries), manifests: merged.manifests };
}
