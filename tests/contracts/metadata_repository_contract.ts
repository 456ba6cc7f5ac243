import { agreementCases } from "../metadata/repository/cases/agreement_cases.ts";
import { announcingCases } from "../metadata/repository/cases/announcing_cases.ts";
import { readingCases } from "../metadata/repository/cases/reading_cases.ts";
import type { Sides } from "../metadata/repository/fixtures.ts";
import { space } from "../metadata/store/fixtures.ts";

/** A repository under test and its store; disposing of it closes both and removes what they left behind. */
export type OpenedSides = Sides & AsyncDisposable;

/**
 * Registers what every implementation of the `MetadataRepository` port must do, one test a case.
 *
 * @param name The name of the implementation, which the names of the tests begin with.
 * @param open Opens a fresh repository with nothing in it.
 */
export function metadataRepositoryContract(name: string, open: () => Promise<OpenedSides>): void {
  for (const [what, run] of [...announcingCases, ...readingCases, ...agreementCases]) {
    Deno.test(`${name}: ${what}`, async () => {
      await using opened = await open();
      await opened.store.createSpace(space);
      await run(opened);
    });
  }
}
