import { assert, assertEquals, assertRejects } from "@std/assert";
import type { FolderWriter, WriterAside } from "../../../lib/client/mod.ts";
import { type PartWriter, partWriter, writeBehindBytesMin } from "../../../lib/client/apply/part_writer.ts";

const mebibyte = 1024 * 1024;

/** A file that keeps what is written aside, and fails as told. */
class FileAside implements WriterAside {
  readonly written: Uint8Array[] = [];
  readonly flushedAt: number[] = [];
  failure: Error | undefined;
  flushFailure: Error | undefined;
  #busy = false;

  get bytes(): number {
    return this.written.reduce((sum, { length }) => sum + length, 0);
  }

  async write(bytes: Uint8Array): Promise<void> {
    assert(!this.#busy, "one call at a time");
    this.#busy = true;
    await Promise.resolve();
    this.#busy = false;
    if (this.failure !== undefined) throw this.failure;
    this.written.push(bytes.slice());
  }

  async flush(): Promise<void> {
    await Promise.resolve();
    this.flushedAt.push(this.bytes);
    if (this.flushFailure !== undefined) throw this.flushFailure;
  }
}

/** Writes to a file of which so much is waited for that it is written on another thread. */
function behind(aside: WriterAside): PartWriter {
  return partWriter(writerWith(aside), writeBehindBytesMin);
}

function writerWith(aside?: WriterAside): FolderWriter {
  return { write: () => {}, [Symbol.dispose]: () => {}, ...(aside && { aside }) };
}

Deno.test("partWriter() writes all bytes in order on another thread, though the caller uses its memory again", async () => {
  const file = new FileAside();
  await using writing = behind(file);
  const piece = new Uint8Array(700_001);
  const expected: number[] = [];
  for (let count = 1; count <= 10; count++) {
    await writing.write(piece.fill(count));
    expected.push(count);
  }
  piece.fill(0);
  await writing.write(new Uint8Array(3 * mebibyte).fill(11));
  await writing.finish();
  const whole = new Uint8Array(await new Blob(file.written.map((bytes) => bytes.slice())).arrayBuffer());
  assertEquals(whole.length, 10 * piece.length + 3 * mebibyte);
  assertEquals(expected.map((_, index) => whole[index * piece.length]), expected);
  assertEquals(expected.map((_, index) => whole[(index + 1) * piece.length - 1]), expected);
  assert(whole.subarray(10 * piece.length).every((byte) => byte === 11));
});

Deno.test("partWriter() lets the medium begin every 64 MiB", async () => {
  const file = new FileAside();
  await using writing = behind(file);
  for (let count = 0; count < 130; count++) await writing.write(new Uint8Array(mebibyte));
  await writing.finish();
  assertEquals(file.bytes, 130 * mebibyte);
  assertEquals(file.flushedAt.length, 2);
});

Deno.test("partWriter() throws what a write failed with, at the latest in the end", async () => {
  const file = new FileAside();
  await using writing = behind(file);
  file.failure = new Error("The disk is full");
  await assertRejects(
    async () => {
      await writing.write(new Uint8Array(mebibyte));
      await writing.finish();
    },
    Error,
    "The disk is full",
  );
});

Deno.test("partWriter() writes at once what is short, and where there is no other thread", async () => {
  for (const aside of [new FileAside(), undefined]) {
    let written = 0;
    const file: FolderWriter = { ...writerWith(aside), write: (bytes) => void (written += bytes.length) };
    await using writing = partWriter(file, aside === undefined ? writeBehindBytesMin : writeBehindBytesMin - 1);
    for (let count = 1; count <= 3; count++) {
      await writing.write(new Uint8Array(mebibyte));
      assertEquals(written, count * mebibyte);
    }
    await writing.finish();
    assertEquals(aside?.bytes ?? 0, 0);
  }
});

Deno.test("partWriter() throws what a flush failed with", async () => {
  const file = new FileAside();
  await using writing = behind(file);
  file.flushFailure = new Error("The disk is broken");
  await writing.write(new Uint8Array(64 * mebibyte));
  await assertRejects(() => writing.finish(), Error, "The disk is broken");
});
