import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  emptyHash,
  formatHash,
  type Hash,
  hashFromBytes,
  hashToBytes,
  parseHash,
  sha256,
  sha256Async,
  startSha256,
} from "../../lib/core/mod.ts";

const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" as Hash;

Deno.test("sha256() and sha256Async() give the digest of FIPS 180-4", async () => {
  const bytes = new TextEncoder().encode("abc");
  assertEquals(sha256(bytes), abc);
  assertEquals(await sha256Async(bytes), abc);
});

Deno.test("sha256() hashes what a view shows, not its buffer", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.nat(9), async (bytes, start) => {
    const view = new Uint8Array([...new Uint8Array(start), ...bytes, 1]).subarray(start, start + bytes.length);
    assertEquals(sha256(view), sha256(bytes));
    assertEquals(await sha256Async(view), sha256(bytes));
  }));
});

Deno.test("startSha256() gives the digest of all pieces", () => {
  const running = startSha256();
  for (const piece of ["a", "", "bc"]) running.update(new TextEncoder().encode(piece));
  assertEquals(running.digest(), abc);
  assertEquals(startSha256().digest(), emptyHash);
  assertEquals(sha256(new Uint8Array()), emptyHash);
});

Deno.test("hashToBytes() and hashFromBytes() undo each other", () => {
  assertEquals(hashFromBytes(hashToBytes(abc)), abc);
  assertEquals(hashToBytes(abc)[0], 0xba);
  for (const length of [0, 31, 33]) assertThrows(() => hashFromBytes(new Uint8Array(length)), RangeError, `${length}`);
});

Deno.test("parseHash() reads a hash with or without its prefix, in either case", () => {
  for (const text of [abc, formatHash(abc), abc.toUpperCase(), `sha256:${abc.toUpperCase()}`]) {
    assertEquals(parseHash(text), abc);
  }
});

Deno.test("parseHash() refuses what is no hash", () => {
  const wrong = ["", "sha256:", abc.slice(1), `${abc}0`, `sha1:${abc}`, `SHA256:${abc}`, ` ${abc}`, `${abc}\n`];
  for (const text of [...wrong, abc.replace("b", "g"), `sha256:sha256:${abc}`]) {
    assertEquals(parseHash(text), undefined);
  }
});
