import { assertEquals } from "@std/assert";
import { HttpHeaders } from "../../lib/network/mod.ts";

const headers = new HttpHeaders([["Accept", "a"], ["X", "1"], ["ACCEPT", "b"], ["Cookie", "c=d"], ["cookie", "e=f"]]);

Deno.test("HttpHeaders finds fields whatever their case, and joins their lines", () => {
  assertEquals(headers.get("accept"), "a, b");
  assertEquals(headers.getAll("Accept"), ["a", "b"]);
  assertEquals(headers.get("COOKIE"), "c=d; e=f");
  assertEquals([headers.get("y"), headers.has("x"), headers.has("y"), headers.size], [undefined, true, false, 5]);
});

Deno.test("HttpHeaders gives the fields as received", () => {
  assertEquals([...headers].slice(0, 3), [["Accept", "a"], ["X", "1"], ["ACCEPT", "b"]]);
});
