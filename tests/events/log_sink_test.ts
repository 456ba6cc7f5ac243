import { assertEquals } from "@std/assert";
import { BufferedSink, type ByteTarget, logBatchUnitsMax } from "../../lib/events/mod.ts";

function memoryTarget(gate: Promise<void> = Promise.resolve()): ByteTarget & { writes: string[]; closed: boolean } {
  const target = {
    writes: new Array<string>(),
    closed: false,
    write: async (bytes: Uint8Array) => {
      await gate;
      target.writes.push(new TextDecoder().decode(bytes));
    },
    close: () => {
      target.closed = true;
    },
  };
  return target;
}

Deno.test("BufferedSink writes lines of a turn at once, and all before it closes", async () => {
  const target = memoryTarget();
  {
    await using sink = new BufferedSink(target);
    sink.write("a");
    sink.write("ü");
    await sink.flush();
    assertEquals(target.writes, ["a\nü\n"]);
    sink.write("c");
  }
  assertEquals(target.writes, ["a\nü\n", "c\n"]);
  assertEquals(target.closed, true);
});

Deno.test("BufferedSink writes in batches of bounded length", async () => {
  const target = memoryTarget();
  const sink = new BufferedSink(target);
  const line = "x".repeat(logBatchUnitsMax / 2);
  for (let i = 0; i < 5; i++) sink.write(line);
  sink.write("y".repeat(logBatchUnitsMax * 2));
  await sink.flush();
  assertEquals(target.writes.map((text) => text.split("\n").length - 1), [2, 2, 1, 1]);
});

Deno.test("BufferedSink loses what a slow target leaves no room for, and tells how much", async () => {
  const gate = Promise.withResolvers<void>();
  const target = memoryTarget(gate.promise);
  const sink = new BufferedSink(target, { pendingUnitsMax: 10, describeLoss: (lines) => `lost ${lines}` });
  for (let i = 0; i < 5; i++) sink.write("12345");
  assertEquals(sink.lost, 3);
  gate.resolve();
  await sink.flush();
  assertEquals(target.writes, ["lost 3\n12345\n12345\n"]);
  sink.write("next");
  await sink.flush();
  assertEquals(target.writes[1], "next\n");
});

Deno.test("BufferedSink goes on when the target fails", async () => {
  const target = memoryTarget();
  let failing = true;
  const sink = new BufferedSink({
    ...target,
    write: (bytes) => failing ? Promise.reject(new Error("The disk is full")) : target.write(bytes),
  });
  sink.write("a");
  await sink.flush();
  assertEquals(sink.lost, 1);
  failing = false;
  sink.write("b");
  await sink.flush();
  assertEquals(target.writes, ["b\n"]);
});
