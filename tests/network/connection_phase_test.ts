import { assertEquals, assertThrows } from "@std/assert";
import { nextConnectionPhase } from "../../lib/network/connection_phase.ts";

Deno.test("nextConnectionPhase() leads through the life of a connection", () => {
  let phase = nextConnectionPhase("idle", "bytes");
  phase = nextConnectionPhase(phase, "request");
  phase = nextConnectionPhase(phase, "answered");
  assertEquals(phase, "idle");
  assertEquals(nextConnectionPhase("answering", "last"), "lingering");
  for (const from of ["idle", "head", "answering", "lingering", "closed"] as const) {
    assertEquals(nextConnectionPhase(from, "close"), "closed");
  }
});

Deno.test("nextConnectionPhase() has no cell for what cannot happen", () => {
  assertThrows(() => nextConnectionPhase("idle", "answered"), Error, "cannot take");
  assertThrows(() => nextConnectionPhase("lingering", "request"), Error, "cannot take");
  assertThrows(() => nextConnectionPhase("closed", "bytes"), Error, "cannot take");
});
