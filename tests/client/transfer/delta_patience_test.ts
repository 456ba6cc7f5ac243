import { assertEquals } from "@std/assert";
import { DeltaPatience } from "../../../lib/client/transfer/delta_patience.ts";

/** Tries as often as allowed in so many rounds, with one outcome. */
function triesIn(patience: DeltaPatience, rounds: number, paid: boolean): boolean[] {
  return Array.from({ length: rounds }, () => {
    const tries = patience.tries();
    if (tries) patience.learn(paid);
    return tries;
  });
}

Deno.test("DeltaPatience tries always while that pays", () => {
  assertEquals(triesIn(new DeltaPatience(), 5, true), [true, true, true, true, true]);
});

Deno.test("DeltaPatience tries more and more seldom while it does not pay, but never gives up", () => {
  const patience = new DeltaPatience();
  assertEquals(triesIn(patience, 7, false), [true, false, true, false, false, false, true]);
  assertEquals(triesIn(patience, 160, false).filter((tried) => tried).length, 10);
});

Deno.test("DeltaPatience tries always again once it paid", () => {
  const patience = new DeltaPatience();
  triesIn(patience, 6, false);
  assertEquals(triesIn(patience, 4, true), [true, true, true, true]);
});
