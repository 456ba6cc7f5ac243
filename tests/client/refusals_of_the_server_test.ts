import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Failure, type FailureKind } from "../../lib/core/mod.ts";
import { Replica, retryNever } from "../support/replica.ts";
import { serveHandler } from "../support/test_server.ts";

const refusals: readonly (readonly [number, string, FailureKind, string])[] = [
  [401, "Log in first", "usage", "The server says: Log in first"],
  [403, "Not yours", "usage", "The server says: Not yours"],
  [409, "Changed", "conflict", "The server says: Changed"],
  [500, "Cannot write the pack", "io", "The server says: Cannot write the pack"],
  [503, "Too many connections", "unreachable", "is overloaded: The server says: Too many connections"],
  [507, "The disk is full", "no_space", "The server says: The disk is full"],
];

for (const [status, detail, kind, message] of refusals) {
  Deno.test(`push() tells of status ${status} in the server's own words`, async () => {
    const headers = { "Content-Type": "application/problem+json" };
    const body = JSON.stringify({ type: "about:blank", status, detail, hint: "Do something about it" });
    await using server = await serveHandler(() => ({ status, headers, body }));
    await using a = await Replica.make(server.url, { "f": "1" });
    const failure = await assertRejects(() => a.push({ retry: retryNever }), Failure);
    assertEquals(failure.kind, kind);
    assertStringIncludes(failure.message, message);
  });
}

Deno.test("push() tells of an answer of another program that it is no dfs server", async () => {
  for (const status of [200, 302, 404, 502]) {
    await using server = await serveHandler(() => ({
      status,
      headers: { "Content-Type": "text/html" },
      body: "<html>",
    }));
    await using a = await Replica.make(server.url, { "f": "1" });
    const failure = await assertRejects(() => a.push({ retry: retryNever }), Failure);
    assertEquals(failure.kind, "unreachable");
    assertStringIncludes(failure.message, "not a dfs server");
  }
});
