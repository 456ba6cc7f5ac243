import { countingCases } from "../metadata/sessions/cases/counting_cases.ts";
import { planCases } from "../metadata/sessions/cases/plan_cases.ts";
import { uploadCases } from "../metadata/sessions/cases/upload_cases.ts";
import type { SessionStore } from "../../lib/metadata/sessions/mod.ts";
import { laptop } from "../metadata/sessions/fixtures.ts";

/** A store under test; disposing of it closes the store and removes what it left behind. */
export interface OpenedSessions extends AsyncDisposable {
  readonly store: SessionStore;
}

/**
 * Registers what every implementation of the `SessionStore` port must do, one test a case.
 *
 * @param name The name of the implementation, which the names of the tests begin with.
 * @param open Opens a fresh store with nothing in it.
 */
export function sessionStoreContract(name: string, open: () => Promise<OpenedSessions>): void {
  for (const [what, run] of [...countingCases, ...planCases, ...uploadCases]) {
    Deno.test(`${name}: ${what}`, async () => {
      await using opened = await open();
      await opened.store.addClient(laptop, 100);
      await run(opened.store);
    });
  }
}
