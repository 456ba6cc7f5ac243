import { assertGreater } from "@std/assert";
import { fuzzHttp } from "./fuzz_http.ts";

Deno.test("the parsers come to one verdict however mutated requests are cut", () => {
  const { accepted, refused, unfinished } = fuzzHttp({ count: 30_000, seed: 1 });
  // All three must occur, or the fuzzer tests nothing.
  assertGreater(accepted, 1000);
  assertGreater(refused, 1000);
  assertGreater(unfinished, 1000);
});
