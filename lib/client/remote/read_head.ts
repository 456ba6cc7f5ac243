import { err, type Hash, ok, type Result } from "../../core/mod.ts";
import { readConflictRules, type SpaceHead } from "../../metadata/mod.ts";

/**
 * Reads where a space stands, as a server tells it.
 *
 * A conflict policy that this dfs does not know counts as `manual`: neither side is touched before somebody decides.
 *
 * @returns The head; or what is wrong with it, in a sentence.
 */
export function readHead(data: unknown): Result<SpaceHead, string> {
  if (!isHead(data)) return err("It does not say where the space stands");
  const { conflicts, ...head } = data;
  if (conflicts === undefined) return ok(head);
  const rules = readConflictRules(conflicts, "manual");
  return rules.ok ? ok({ ...head, conflicts: rules.value }) : rules;
}

/** Says whether an answer tells a revision and its root hash. */
export function isStanding(data: unknown): data is { readonly revision: number; readonly root: Hash } {
  return typeof data === "object" && data !== null && "revision" in data && "root" in data &&
    Number.isSafeInteger(data.revision) && Number(data.revision) >= 0 &&
    typeof data.root === "string" && /^[0-9a-f]{64}$/.test(data.root);
}

function isHead(data: unknown): data is Omit<SpaceHead, "conflicts"> & { readonly conflicts?: unknown } {
  return isStanding(data) && "space" in data;
}
