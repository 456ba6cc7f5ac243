import { assertEquals } from "@std/assert";
import { isHost } from "../../lib/network/host.ts";

Deno.test("isHost() takes names, addresses and ports", () => {
  for (const host of ["", "a", "a.example", "a:80", "a:", "127.0.0.1:8080", "[::1]", "[::1]:80", "a%20b", "[v1.a:b]"]) {
    assertEquals(isHost(host), true, host);
  }
});

Deno.test("isHost() refuses what is none, or what two parsers could read differently", () => {
  const hosts = [
    "a b",
    "a/b",
    "a@b",
    "a:80:80",
    "a:x",
    "a:65536",
    ":80",
    "[::1",
    "::1",
    "[]",
    "[:::]",
    "a%2",
    "[a]b",
  ];
  for (const host of hosts) assertEquals(isHost(host), false, host);
});
