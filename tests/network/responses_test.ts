import { assertEquals, assertThrows } from "@std/assert";
import { empty, html, json, problem, text } from "../../lib/network/mod.ts";

Deno.test("text(), html() and json() name their type, and let headers add to it or replace it", () => {
  assertEquals(text("a").headers, { "Content-Type": "text/plain; charset=utf-8" });
  assertEquals(html("a", { status: 201 }).status, 201);
  const { headers, body } = json({ a: 1 }, { headers: { "Content-Type": "application/ld+json", "X-A": "b" } });
  assertEquals([headers, body], [{ "Content-Type": "application/ld+json", "X-A": "b" }, '{"a":1}']);
});

Deno.test("json() throws for what JSON cannot say", () => {
  assertThrows(() => json(1n), TypeError);
});

Deno.test("empty() has no body where the status allows none, and one of no bytes elsewhere", () => {
  assertEquals(empty(), { status: 204, headers: {} });
  assertEquals(empty({ status: 304 }), { status: 304, headers: {} });
  assertEquals(empty({ status: 201 }), { status: 201, headers: {}, body: "" });
});

Deno.test("problem() is what an HttpError of the same arguments becomes", () => {
  const { status, headers, body } = problem(429, "Slower", { headers: { "Retry-After": "1" } });
  assertEquals([status, headers], [429, { "Content-Type": "application/problem+json", "Retry-After": "1" }]);
  assertEquals(JSON.parse(String(body)).detail, "Slower");
});
