import { assertEquals, assertRejects } from "@std/assert";
import { memoryConnectionPair } from "../../lib/network/mod.ts";
import { fromLatin1, latin1 } from "./support.ts";

Deno.test("memoryConnectionPair() carries bytes both ways, in pieces", async () => {
  const [left, right] = memoryConnectionPair();
  await left.write(latin1("abc"));
  await right.write(latin1("xyz"));
  const buffer = new Uint8Array(2);
  assertEquals([await right.read(buffer), fromLatin1(buffer)], [2, "ab"]);
  assertEquals([await right.read(buffer), buffer[0]], [1, 0x63]);
  assertEquals(await left.read(new Uint8Array(9)), 3);
});

Deno.test("memoryConnectionPair() lets a writer wait until there is room", async () => {
  const [left, right] = memoryConnectionPair({ capacity: 4 });
  assertEquals(await left.write(latin1("abcdef")), 4);
  const rest = left.write(latin1("ef"));
  assertEquals(await right.read(new Uint8Array(9)), 4);
  assertEquals(await rest, 2);
});

Deno.test("memoryConnectionPair() lets one direction end before the other", async () => {
  const [left, right] = memoryConnectionPair();
  await left.write(latin1("a"));
  await left.closeWrite();
  const buffer = new Uint8Array(9);
  assertEquals([await right.read(buffer), await right.read(buffer)], [1, null]);
  assertEquals(await right.write(latin1("b")), 1);
  assertEquals(await left.read(buffer), 1);
});

Deno.test("memoryConnectionPair() fails what is pending when a side is closed", async () => {
  const [left, right] = memoryConnectionPair();
  const reading = left.read(new Uint8Array(9));
  left.close();
  await assertRejects(() => reading, Deno.errors.BadResource);
  await assertRejects(() => right.write(latin1("a")), Deno.errors.BrokenPipe);
  assertEquals(await right.read(new Uint8Array(9)), null);
});
