import { assertEquals, assertThrows } from "@std/assert";
import { ConnectionEvent, ConnectionPhase, nextConnectionPhase } from "../../lib/network/connection_phase.ts";

Deno.test("nextConnectionPhase() leads through the life of a connection", () => {
  let phase = nextConnectionPhase(ConnectionPhase.Idle, ConnectionEvent.Bytes);
  phase = nextConnectionPhase(phase, ConnectionEvent.Request);
  phase = nextConnectionPhase(phase, ConnectionEvent.Answered);
  assertEquals(phase, ConnectionPhase.Idle);
  assertEquals(nextConnectionPhase(ConnectionPhase.Answering, ConnectionEvent.Last), ConnectionPhase.Lingering);
  const { Idle, Head, Answering, Lingering, Closed } = ConnectionPhase;
  for (const from of [Idle, Head, Answering, Lingering, Closed]) {
    assertEquals(nextConnectionPhase(from, ConnectionEvent.Close), ConnectionPhase.Closed);
  }
});

Deno.test("nextConnectionPhase() has no cell for what cannot happen", () => {
  assertThrows(() => nextConnectionPhase(ConnectionPhase.Idle, ConnectionEvent.Answered), Error, "cannot take");
  assertThrows(() => nextConnectionPhase(ConnectionPhase.Lingering, ConnectionEvent.Request), Error, "cannot take");
  assertThrows(() => nextConnectionPhase(ConnectionPhase.Closed, ConnectionEvent.Bytes), Error, "cannot take");
});
