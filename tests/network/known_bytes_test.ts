import { assertEquals } from "@std/assert";
import { KnownBytes } from "../../lib/network/known_bytes.ts";
import { latin1 } from "./support.ts";

Deno.test("KnownBytes knows bytes of any length wherever they lie, and none that differ", () => {
  for (let length = 1; length <= 13; length++) {
    const known = new KnownBytes(20);
    const piece = Uint8Array.from({ length }, (_, i) => 250 + i);
    known.remember(piece, 0, length);
    assertEquals(known.length, length);
    for (let start = 0; start < 6; start++) {
      const bytes = new Uint8Array(40).subarray(3);
      bytes.set(piece, start);
      assertEquals(known.isAt(bytes, start, start + length), true, `${length} bytes at ${start}`);
      assertEquals(known.isAt(bytes, start, start + length - 1), false, "cut short");
      for (let i = 0; i < length; i++) {
        const changed = bytes.slice();
        changed[start + i]! ^= 0x80;
        assertEquals(known.isAt(changed, start, changed.length), false, `byte ${i} of ${length} differs`);
      }
    }
  }
});

Deno.test("KnownBytes looks at the bytes as they are now, in the same buffer or in another one", () => {
  const known = new KnownBytes(20);
  const buffer = latin1("some head");
  known.remember(buffer, 0, 9);
  assertEquals(known.isAt(buffer, 0, 9), true);
  buffer[4] = 0;
  assertEquals(known.isAt(buffer, 0, 9), false);
  assertEquals(known.isAt(latin1("some head"), 0, 9), true);
});

Deno.test("KnownBytes knows only what it was given last, and nothing that is too long or empty", () => {
  const known = new KnownBytes(4);
  assertEquals(known.isAt(latin1("abcd"), 0, 4), false, "nothing was given");
  known.remember(latin1("abcd"), 0, 4);
  known.remember(latin1("xyz"), 1, 3);
  assertEquals([known.isAt(latin1("abcd"), 0, 4), known.isAt(latin1("yzcd"), 0, 4)], [false, true]);
  known.remember(latin1("abcde"), 0, 5);
  assertEquals([known.length, known.isAt(latin1("abcde"), 0, 5), known.isAt(latin1("yz"), 0, 2)], [0, false, false]);
  known.remember(latin1("ab"), 1, 1);
  assertEquals(known.isAt(latin1("ab"), 0, 2), false);
});
