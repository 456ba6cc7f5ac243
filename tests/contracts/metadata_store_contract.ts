import type { MetadataStore } from "../../lib/metadata/mod.ts";
import { agreementCases } from "../metadata/store/cases/agreement_cases.ts";
import { changesCases } from "../metadata/store/cases/changes_cases.ts";
import { commitCases } from "../metadata/store/cases/commit_cases.ts";
import { compareAndSetCases } from "../metadata/store/cases/compare_and_set_cases.ts";
import { conflictCases } from "../metadata/store/cases/conflict_cases.ts";
import { historyCases } from "../metadata/store/cases/history_cases.ts";
import { manifestCases } from "../metadata/store/cases/manifest_cases.ts";
import { readingCases } from "../metadata/store/cases/reading_cases.ts";
import { retentionCases } from "../metadata/store/cases/retention_cases.ts";
import { spaceCases } from "../metadata/store/cases/space_cases.ts";
import { treeCases } from "../metadata/store/cases/tree_cases.ts";
import { space } from "../metadata/store/fixtures.ts";

/** A store under test; disposing of it closes the store and removes what it left behind. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: MetadataStore;
}

/**
 * Registers what every implementation of the `MetadataStore` port must do, one test a case.
 *
 * @param name The name of the implementation, which the names of the tests begin with.
 * @param open Opens a fresh store with nothing in it.
 */
export function metadataStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  const cases = [
    ...spaceCases,
    ...commitCases,
    ...compareAndSetCases,
    ...treeCases,
    ...readingCases,
    ...changesCases,
    ...historyCases,
    ...retentionCases,
    ...manifestCases,
    ...conflictCases,
    ...agreementCases,
  ];
  for (const [what, run] of cases) {
    Deno.test(`${name}: ${what}`, async () => {
      await using opened = await open();
      await opened.store.createSpace(space);
      await run(opened.store);
    });
  }
}
