import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteIndex, decodeDelta, encodeDelta } from "../../../lib/sync/delta/mod.ts";
import { noise, prose } from "../../storage/fixtures.ts";
import { anyEdited, type Edited, splice } from "./edited.ts";

/** Sends a chunk by its difference to another; gives what arrives, and how long the delta was. */
function carry({ before, after }: Edited): { readonly arrived: Uint8Array | undefined; readonly deltaBytes: number } {
  const { steps } = new ByteIndex(before).find(after);
  const delta = encodeDelta([{ length: after.length, steps }]);
  const chunks = decodeDelta(delta, {
    targets: 1,
    units: (from, count) => from + count <= before.length ? before.subarray(from, from + count) : undefined,
  });
  assert(chunks.ok, chunks.ok ? "" : chunks.error);
  return { arrived: chunks.value[0], deltaBytes: delta.length };
}

Deno.test("decodeDelta() of what ByteIndex.find() found makes the very bytes again", () => {
  fc.assert(fc.property(anyEdited, (edited) => {
    const { after } = edited;
    assertEquals(carry(edited).arrived, after.length === 0 ? undefined : after);
  }));
});

Deno.test("ByteIndex.find() finds old bytes of any length again, if they are as long as a block", () => {
  const after = noise(4096, 1);
  for (let length = 0; length <= 64; length++) {
    const before = after.slice(0, length);
    assertEquals(carry({ before, after }).arrived, after);
    assertEquals(new ByteIndex(before).find(after).foundBytes, length < 24 ? 0 : length);
  }
});

Deno.test("ByteIndex.find() counts the bytes that its steps take over", () => {
  fc.assert(fc.property(anyEdited, ({ before, after }) => {
    const { steps, foundBytes } = new ByteIndex(before).find(after);
    assertEquals(steps.reduce((sum, step) => sum + ("literal" in step ? 0 : step.count), 0), foundBytes);
  }));
});

const edits: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array<ArrayBuffer>>> = {
  "inserted": (bytes) => splice(bytes, 70_001, 0, noise(100, 2)),
  "overwritten": (bytes) => splice(bytes, 70_001, 100, noise(100, 2)),
  "deleted": (bytes) => splice(bytes, 70_001, 100, new Uint8Array()),
};

for (const [name, edit] of Object.entries(edits)) {
  Deno.test(`ByteIndex.find() of bytes that differ by 100 bytes ${name} brings along no more than these`, () => {
    const before = noise(150_000, 1);
    const after = edit(before);
    const { steps } = new ByteIndex(before).find(after);
    const brought = steps.reduce((sum, step) => sum + ("literal" in step ? step.literal.length : 0), 0);
    assert(brought <= 100, `${brought} bytes`);
    const { arrived, deltaBytes } = carry({ before, after });
    assertEquals(arrived, after);
    assert(deltaBytes < 150, `${deltaBytes} bytes`);
  });
}

Deno.test("ByteIndex.find() finds what moved to another place", () => {
  const [a, b] = [prose(30_000, 1), noise(30_000, 2)];
  const { steps } = new ByteIndex(splice(a, 0, 0, b)).find(splice(b, 0, 0, a));
  assertEquals(steps.filter((step) => "literal" in step), []);
});
