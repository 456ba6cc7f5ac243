import { err, ok, type Result } from "../../core/mod.ts";
import type { MetadataStore, SpaceHead } from "../../metadata/mod.ts";

/** A point in the history of a space: a revision, or a time in milliseconds since 1970. */
export type Moment = { readonly revision: number } | { readonly atMs: number };

/**
 * Why a moment names no state of a space.
 *
 * - `no_revision`: there is no such revision; the first is 1, the newest `head`.
 * - `before_history`: the first revision came after that time; `firstMs` tells when, if there is one.
 */
export type MomentProblem =
  | { readonly reason: "no_revision"; readonly revision: number; readonly head: number }
  | { readonly reason: "before_history"; readonly atMs: number; readonly firstMs: number | undefined };

/** How many revisions are read at a time. */
const revisionsPerPage = 256;

/**
 * Finds the revision that was the head at a moment: of a time, the newest one committed then or before. Clocks that were
 * set back may have left later revisions with earlier times, so the newest is looked at first.
 *
 * @param head The space as it stands.
 */
export async function revisionAt(
  metadata: MetadataStore,
  head: SpaceHead,
  moment: Moment,
): Promise<Result<number, MomentProblem>> {
  if ("revision" in moment) {
    const { revision } = moment;
    const exists = Number.isSafeInteger(revision) && revision >= 1 && revision <= head.revision;
    return exists ? ok(revision) : err({ reason: "no_revision", revision, head: head.revision });
  }
  let firstMs: number | undefined;
  for (let before = head.revision + 1; before > 1;) {
    const page = await metadata.revisions(head.space, { before, limit: revisionsPerPage });
    for (const { revision, committedAtMs } of page) {
      if (committedAtMs <= moment.atMs) return ok(revision);
      [before, firstMs] = [revision, committedAtMs];
    }
    if (page.length === 0) break;
  }
  return err({ reason: "before_history", atMs: moment.atMs, firstMs });
}
