import { assert, assertEquals } from "@std/assert";
import { frameBytesMax, frameRawBytesTarget } from "../../lib/storage/mod.ts";
import { FrameLoan, FrameMemory, sparePiecesMax } from "../../lib/storage/frame_memory.ts";

Deno.test("FrameMemory gives what was given back again, in any length", () => {
  const memory = new FrameMemory();
  const first = memory.take(frameRawBytesTarget);
  const second = memory.take(frameRawBytesTarget);
  assert(first.buffer !== second.buffer);
  memory.give(first);
  const third = memory.take(frameRawBytesTarget + 1000);
  assertEquals(third.length, frameRawBytesTarget + 1000);
  assert(third.buffer === first.buffer);
});

Deno.test("FrameMemory gives short frames and the longest memory of their own", () => {
  const memory = new FrameMemory();
  for (const length of [13, 4096, frameBytesMax]) {
    const taken = memory.take(length);
    assertEquals([taken.length, taken.buffer.byteLength], [length, length]);
    memory.give(taken);
    assert(memory.take(length).buffer !== taken.buffer);
  }
});

Deno.test("FrameMemory keeps a bounded number of pieces", () => {
  const memory = new FrameMemory();
  const taken = Array.from({ length: sparePiecesMax + 1 }, () => memory.take(frameRawBytesTarget));
  for (const frame of taken) memory.give(frame);
  const again = new Set(taken.map(() => memory.take(frameRawBytesTarget).buffer));
  assertEquals(taken.filter(({ buffer }) => again.has(buffer)).length, sparePiecesMax);
});

Deno.test("FrameLoan gives back at once, and once only, what was taken from it", () => {
  const memory = new FrameMemory();
  const loan = new FrameLoan(memory);
  const taken = [loan.take(frameRawBytesTarget), loan.take(frameRawBytesTarget)];
  assert(!taken.some(({ buffer }) => memory.take(frameRawBytesTarget).buffer === buffer));
  loan[Symbol.dispose]();
  loan[Symbol.dispose]();
  const again = Array.from({ length: 4 }, () => memory.take(frameRawBytesTarget).buffer);
  assertEquals(taken.map(({ buffer }) => again.filter((room) => room === buffer).length), [1, 1]);
});
