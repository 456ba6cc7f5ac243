import { assertEquals } from "@std/assert";
import { usedBases } from "../../../lib/sync/delta/mod.ts";

const literal = new Uint8Array(3);

Deno.test("usedBases() leaves out the old chunks that nothing is taken from", () => {
  const targets = [{ length: 9, steps: [{ literal }, { from: 12, count: 2 }, { from: 25, count: 4 }] }];
  assertEquals(usedBases(targets, [10, 5, 7, 20]), {
    bases: [1, 3],
    targets: [{ length: 9, steps: [{ literal }, { from: 2, count: 2 }, { from: 8, count: 4 }] }],
  });
});

Deno.test("usedBases() keeps all old chunks that one step goes over", () => {
  const targets = [{ length: 9, steps: [{ from: 14, count: 9 }] }];
  assertEquals(usedBases(targets, [10, 5, 7, 20, 1]), {
    bases: [1, 2, 3],
    targets: [{ length: 9, steps: [{ from: 4, count: 9 }] }],
  });
});

Deno.test("usedBases() takes an old chunk that is not to be had for none", () => {
  const targets = [{ length: 9, steps: [{ from: 0, count: 1 }] }];
  assertEquals(usedBases(targets, [0, 4, 4]).bases, [1]);
});
