import { assert } from "@std/assert";
import { type Hash, sha256 } from "../../../lib/core/mod.ts";
import type { FileMetadata, MetadataStore } from "../../../lib/metadata/mod.ts";
import type {
  ListQuery,
  MetadataRepository,
  Step,
  StepReceipt,
  StepRefusal,
} from "../../../lib/metadata/repository/mod.ts";
import { at, space } from "../store/fixtures.ts";

/** When everything is announced that a test does not date. */
export const atMs = 1_700_000_000_500;

/** A repository under test and the store whose spaces it tells of. */
export interface Sides {
  readonly store: MetadataStore;
  readonly repository: MetadataRepository;
}

/** The SHA-256 of some text. */
export function hashOf(text: string): Hash {
  return sha256(new TextEncoder().encode(text));
}

/** What somebody announces: a file with some text in it. */
export function announcement(path: string, text: string, more: Partial<FileMetadata> = {}): FileMetadata {
  return {
    path: at(path),
    kind: "file",
    size: text.length,
    hash: hashOf(text),
    mtimeMs: 1_700_000_000_000,
    mode: 0o644,
    version: 1,
    syncState: { status: "pending", replicas: [] },
    ...more,
  };
}

/** Does steps that must be accepted. */
export async function transact({ repository }: Sides, ...steps: readonly Step[]): Promise<StepReceipt[]> {
  const outcome = await repository.transact(space, { steps, atMs });
  assert(outcome.ok, `The transaction was refused: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

/** Does steps that must be refused; gives why, and at which step. */
export async function refusal(
  { repository }: Sides,
  ...steps: readonly Step[]
): Promise<[StepRefusal["reason"], number]> {
  const outcome = await repository.transact(space, { steps, atMs });
  assert(!outcome.ok, "The transaction was done");
  return [outcome.error.reason, outcome.error.step];
}

/** How a path stands in short: `2 pending`; `none` if nothing is known. */
export async function short({ repository }: Sides, path: string): Promise<string> {
  const found = await repository.get(space, at(path));
  return found === undefined ? "none" : `${found.metadata.version} ${found.metadata.syncState.status}`;
}

/** The paths that a query lists, page by page. */
export async function listed({ repository }: Sides, query: Partial<ListQuery> = {}): Promise<string[]> {
  const paths: string[] = [];
  let after = query.after;
  do {
    const page = await repository.list(space, { limit: 1000, ...query, ...(after === undefined ? {} : { after }) });
    paths.push(...page.entries.map(({ metadata }) => metadata.path));
    after = page.next;
  } while (after !== undefined);
  return paths;
}
