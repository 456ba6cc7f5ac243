import { assertEquals } from "@std/assert";
import { nextState, type TransitionTable } from "../../lib/core/mod.ts";

const table: TransitionTable<"red" | "green" | "off", "switch" | "cut"> = {
  red: { switch: "green", cut: "off" },
  green: { switch: "red" },
  off: {},
};

Deno.test("nextState() follows the table", () => {
  assertEquals(nextState(table, "red", "switch"), { ok: true, value: "green" });
  assertEquals(nextState(table, "green", "switch"), { ok: true, value: "red" });
});

Deno.test("nextState() tells of a missing cell with the state, the event and what would be taken", () => {
  const refused = nextState(table, "green", "cut");
  assertEquals<unknown>(refused, {
    ok: false,
    error: { status: 409, state: "green", event: "cut", allowed: ["switch"] },
  });
  const over = nextState(table, "off", "switch");
  assertEquals<unknown>(over, { ok: false, error: { status: 409, state: "off", event: "switch", allowed: [] } });
});
