import { assertEquals } from "@std/assert";
import { utf8Length } from "../../lib/network/mod.ts";

Deno.test("utf8Length() counts what TextEncoder would write", () => {
  const units = [
    "",
    "a",
    "\u007f",
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ud800",
    "\udbff",
    "\udc00",
    "\udfff",
    "\ue000",
  ];
  for (const first of units) {
    for (const second of units) {
      for (const third of units) {
        const text = first + second + third;
        assertEquals(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
      }
    }
  }
});
