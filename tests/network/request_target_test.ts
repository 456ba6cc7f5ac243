import { assertEquals } from "@std/assert";
import { parseRequestTarget } from "../../lib/network/request_target.ts";

function parts(method: string, target: string) {
  const result = parseRequestTarget(method, target);
  return result.ok ? [result.value.path, result.value.query, result.value.authority] : result.error.status;
}

Deno.test("parseRequestTarget() takes origin-form apart at the first question mark", () => {
  assertEquals(parts("GET", "/a/b?c?d"), ["/a/b", "c?d", undefined]);
  assertEquals(parts("GET", "//a"), ["//a", "", undefined]);
});

Deno.test("parseRequestTarget() takes absolute-form apart", () => {
  assertEquals(parts("GET", "http://a.example:80/b?c"), ["/b", "c", "a.example:80"]);
  assertEquals(parts("GET", "HTTPS://[::1]?c"), ["/", "c", "[::1]"]);
});

Deno.test("parseRequestTarget() takes asterisk-form with OPTIONS alone, authority-form with CONNECT alone", () => {
  assertEquals(parts("OPTIONS", "*"), ["*", "", undefined]);
  assertEquals(parts("GET", "*"), 400);
  assertEquals(parts("CONNECT", "a:443"), ["", "", "a:443"]);
  assertEquals(parts("CONNECT", "/"), 400);
  assertEquals(parts("GET", "a:443"), 400);
});

Deno.test("parseRequestTarget() refuses what is neither", () => {
  for (const target of ["a", "ftp://a/", "http:///a", "http://u@a/", "http://a b/", "http://:80/", "http://[1..2]/"]) {
    assertEquals(parts("GET", target), 400, target);
  }
});
