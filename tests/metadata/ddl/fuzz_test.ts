import { assert } from "@std/assert";
import fc from "fast-check";
import { checkInput } from "./check_input.ts";
import { corpus } from "./corpus.ts";
import { fuzzInput } from "./fuzz_input.ts";
import { Random } from "./random.ts";

Deno.test("the language keeps its laws on generated texts", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (seed) => {
      const text = fuzzInput(new Random(seed));
      if (checkInput(text, { yaml: true, render: true })) accepted++;
    }),
    { numRuns: 5_000 },
  );
  assert(accepted > 1_000, `Only ${accepted} inputs were accepted, so little was shown`);
});

Deno.test("the language keeps its laws on texts of any characters", () => {
  const text = fc.string({ unit: fc.oneof(fc.constantFrom(..."ab: -\n#\"'\\1~[{&"), fc.string({ unit: "binary" })) });
  fc.assert(fc.property(text, (value) => void checkInput(value, { yaml: true, render: true })), { numRuns: 3_000 });
});

Deno.test("the language keeps its laws on every beginning of every snippet of the corpus", () => {
  for (const { text } of [...corpus("accepted"), ...corpus("refused")]) {
    const step = text.length > 1_000 ? 37 : 1;
    for (let end = 0; end < text.length; end += step) checkInput(text.slice(0, end), { yaml: true, render: true });
  }
});
