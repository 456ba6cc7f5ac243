import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionOutput } from "../../lib/network/connection_output.ts";
import { DeadlineSweeper } from "../../lib/network/deadline_sweeper.ts";
import { type ByteConnection, FileBody } from "../../lib/network/mod.ts";
import { writeFile } from "../../lib/network/write_file.ts";
import { FakeTicker, fromLatin1, ScriptedConnection } from "./support.ts";

/** A connection that takes no more than some bytes a write. */
class Sipping extends ScriptedConnection {
  readonly #bytesMax: number;

  constructor(bytesMax: number) {
    super();
    this.#bytesMax = bytesMax;
  }

  override write(bytes: Uint8Array): Promise<number> {
    return super.write(bytes.subarray(0, this.#bytesMax));
  }
}

function outputTo(connection: ByteConnection): ConnectionOutput {
  return new ConnectionOutput(connection, {
    sweeper: new DeadlineSweeper(new FakeTicker()),
    timeouts: { writeMs: 1000 },
  });
}

Deno.test("ConnectionOutput writes on where the connection took only a part, in both ways of flushing", async () => {
  const connection = new Sipping(4);
  const output = outputTo(connection);
  output.putText("Hello, World!");
  await output.flush();
  output.putText(" And again");
  await output.wrote(await output.beginFlush());
  assertEquals(connection.output, "Hello, World! And again");
  assertEquals([output.pending, output.total, output.deadline], [0, 23, Infinity]);
});

Deno.test("ConnectionOutput keeps the order of bytes that never change and of others, and leaves the former alone", async () => {
  const connection = new Sipping(4);
  const output = outputTo(connection);
  const constant = new TextEncoder().encode("constant");
  const huge = new Uint8Array(16 * 1024 + 1);
  assertEquals(output.putConstant(constant), true);
  assertEquals(output.pending, 8);
  await output.wrote(await output.beginFlush());
  output.putConstant(constant);
  output.putText(" then text, ");
  output.putConstant(constant);
  await output.wrote(await output.beginFlush());
  output.putConstant(constant);
  assertEquals(output.putConstant(huge), false, "there is no room for it");
  await output.flush();
  assertEquals(connection.output, "constantconstant then text, constantconstant");
  assertEquals([output.pending, output.total, output.deadline], [0, 44, Infinity]);
  assertEquals(constant, new TextEncoder().encode("constant"));
});

Deno.test("ConnectionOutput writes short and long texts as UTF-8", async () => {
  const connection = new ScriptedConnection();
  const output = outputTo(connection);
  const texts = ["", "a", "caf\u00e9", "\u{1f600}\ud800", "x".repeat(64), "y".repeat(63) + "\u20ac", "z".repeat(65)];
  for (const text of texts) assertEquals(output.putText(text), true);
  await output.flush();
  assertEquals(connection.output, fromLatin1(new TextEncoder().encode(texts.join(""))));
});

Deno.test("ConnectionOutput gathers small pieces, and sends the start of a large one with them", async () => {
  const connection = new ScriptedConnection();
  const output = outputTo(connection);
  await output.writeText("head ");
  await output.write(new Uint8Array(100_000).fill(0x61));
  await output.flush();
  assertEquals([connection.writes, connection.output.length], [2, 100_005]);
});

Deno.test("writeFile() sends the part of a file, closes it, and rejects when the file is shorter than announced", async () => {
  const path = await Deno.makeTempFile();
  try {
    const content = Uint8Array.from({ length: 700_000 }, (_, i) => i * 31 >> 3);
    await Deno.writeFile(path, content);
    const connection = new ScriptedConnection();
    const output = outputTo(connection);
    await writeFile((await FileBody.open(path)).slice(100, 600_000), output);
    await output.flush();
    assertEquals(connection.output, fromLatin1(content.subarray(100, 600_100)));
    const tooLong = (await FileBody.open(path)).slice(0, 700_001);
    await assertRejects(() => writeFile(tooLong, output), Deno.errors.UnexpectedEof);
  } finally {
    await Deno.remove(path);
  }
});
