import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Ring } from "../../lib/events/ring.ts";

Deno.test("Ring does what an array does, whatever the order of push() and shift()", () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (steps) => {
    const ring = new Ring<number>();
    const model: number[] = [];
    steps.forEach((isPush, i) => {
      if (isPush) {
        ring.push(i);
        model.push(i);
      } else assertEquals(ring.shift(), model.shift());
      assertEquals(ring.size, model.length);
      assertEquals([ring.at(-1), ring.at(0), ring.at(model.length - 1), ring.at(model.length)], [
        undefined,
        model[0],
        model.at(-1),
        undefined,
      ]);
    });
  }));
});
