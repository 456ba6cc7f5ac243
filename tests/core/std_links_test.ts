import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseArgs } from "@std/cli";
import { STATUS_TEXT } from "@std/http";
import { parse } from "@std/yaml";
import { timingSafeEqual } from "@std/crypto";
import { format } from "@std/fmt/bytes";

Deno.test("the linked @std modules resolve and run", () => {
  assertEquals(join("a", "b"), "a/b");
  assertEquals(parseArgs(["--port", "1"]).port, 1);
  assertEquals(STATUS_TEXT[404], "Not Found");
  assertEquals(parse("a: 1"), { a: 1 });
  assertEquals(timingSafeEqual(new Uint8Array([1]), new Uint8Array([1])), true);
  assertEquals(format(1337), "1.34 kB");
});
