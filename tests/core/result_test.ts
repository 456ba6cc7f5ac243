import { assertEquals } from "@std/assert";
import { err, ok, type Result } from "../../lib/core/mod.ts";

Deno.test("ok() and err() wrap a value and an error", () => {
  const results: Result<number, string>[] = [ok(1), err("no")];
  assertEquals(results.map((result) => result.ok ? result.value : result.error), [1, "no"]);
});
