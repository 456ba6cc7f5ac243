import { assert, assertEquals, assertRejects } from "@std/assert";
import { type FileEntry } from "../../lib/metadata/mod.ts";
import { ContentReader, type ReadContent, type ScanProblem } from "../../lib/sync/mod.ts";
import { FakeTime } from "../events/fakes.ts";
import { at, file } from "../metadata/store/fixtures.ts";
import { MemoryFiles, outsideTarget } from "../simulation/memory_files.ts";
import { Process, quietFate } from "../simulation/process.ts";
import { SimulatedFolder } from "../simulation/simulated_folder.ts";
import { WorldClock } from "../simulation/world_clock.ts";
import { noise } from "../storage/fixtures.ts";
import { cutContent } from "../support/cut_content.ts";
import { MemoryDisk, type MemoryDiskOptions } from "../support/memory_disk.ts";
import { MemorySink } from "../support/memory_sink.ts";

const before = noise(500_000, 1);
const after = noise(500_000, 2);

/** A disk with the file `d/f`, written a minute ago, and a reader for it. */
function setUp(options: Partial<MemoryDiskOptions> = {}) {
  const time = new FakeTime();
  const disk = new MemoryDisk({ clock: time, ...options });
  disk.write("d/f", before);
  time.pass(60_000);
  disk.readBytesMax = 100_000;
  const sink = new MemorySink();
  const reader = new ContentReader(disk, { clock: time, sink });
  const stat = disk.stat(at("d/f"));
  const read = (known?: FileEntry): Promise<ReadContent | ScanProblem> => reader.read({ path: at("d/f"), stat, known });
  return { time, disk, sink, reader, read };
}

/** Does something once, before the n-th look into the open file: five reads, then a look at its state. */
function beforeLook(disk: MemoryDisk, n: number, act: () => void): void {
  let looks = 0;
  disk.onCall = (call) => void ((call === "read" || call === "fstat") && ++looks === n && act());
}

const changes: Record<string, (disk: MemoryDisk) => void> = {
  "is written to": (disk) => disk.write("d/f", after),
  "grows": (disk) => disk.write("d/f", noise(700_000, 2)),
  "shrinks": (disk) => disk.write("d/f", noise(100_001, 2)),
  "is emptied": (disk) => disk.write("d/f", ""),
  "is replaced": (disk) => disk.replace("d/f", after),
};

for (const [what, change] of Object.entries(changes)) {
  for (const n of [1, 3, 6]) {
    Deno.test(`read() of a file that ${what} before look ${n} gives the new content whole`, async () => {
      const { time, disk, read } = setUp();
      let changed = false;
      beforeLook(disk, n, () => {
        changed = true;
        time.pass(1000);
        change(disk);
        time.pass(1000);
      });
      const content = await read();
      disk.onCall = () => {};
      assert(changed);
      assert("node" in content, JSON.stringify(content));
      const now = disk.stat(at("d/f"));
      const reader = new ContentReader(disk, { clock: time });
      const again = await reader.read({ path: at("d/f"), stat: now, known: undefined });
      assert("node" in again);
      assertEquals(content.node.entry, again.node.entry);
      assertEquals(content.manifest.bytes, again.manifest.bytes);
      assertEquals(content.node.entry.size, now.size);
    });
  }
}

Deno.test("read() of a file that never stays the same reports it, and reads it a few times at most", async () => {
  const { time, disk, read } = setUp();
  disk.onCall = (call) => {
    if (call !== "read") return;
    time.pass(1);
    disk.write("d/f", noise(500_000, time.now()));
  };
  assertEquals(await read(), {
    path: at("d/f"),
    problem: "It kept changing while it was read",
    kind: "unreadable",
  });
  assertEquals(disk.opened.get("d/f"), 3);
});

Deno.test("read() takes nothing from behind a link that took the place of a folder", async () => {
  const world = new WorldClock();
  const clock = world.watch();
  const files = new MemoryFiles(clock);
  const folder = files.directory(0o755);
  folder.names.set("a", files.file(before));
  files.root.names.set("d", folder);
  const process = new Process(quietFate, { clock: world, trace: () => {} });
  const disk = new SimulatedFolder(files, { process, onViolation: () => {} });
  const stat = disk.stat(at("d/a"));
  files.root.names.set("d", files.link(outsideTarget));
  const content = await new ContentReader(disk, { clock }).read({ path: at("d/a"), stat, known: undefined });
  assertEquals("node" in content, false);
});

Deno.test("read() of a file that changed since the scan gives what it is now", async () => {
  const { time, disk, read } = setUp();
  disk.write("d/f", after);
  time.pass(60_000);
  const content = await read();
  assert("node" in content);
  assertEquals(content.node.entry.content, cutContent(after).entry.content);
  assertEquals(content.node.stamp?.ctimeMs, disk.stat(at("d/f")).ctimeMs);
});

const troubles: Record<string, { spoil: (disk: MemoryDisk) => void; kind: ScanProblem["kind"] }> = {
  "went away": { spoil: (disk) => disk.remove("d/f"), kind: "vanished" },
  "went away with its folder": { spoil: (disk) => disk.remove("d"), kind: "vanished" },
  "goes away while it is read": {
    spoil: (disk) => disk.onCall = (call) => void (call === "read" && disk.remove("d/f")),
    kind: "vanished",
  },
  "lies in what is a file now": { spoil: (disk) => disk.replace("d", "file"), kind: "unreadable" },
  "is a folder now": {
    spoil: (disk) => {
      disk.remove("d/f");
      disk.mkdir("d/f");
    },
    kind: "unreadable",
  },
  "is a symbolic link now": {
    spoil: (disk) => {
      disk.write("d/secret", before);
      disk.symlink("d/f", "secret");
    },
    kind: "unreadable",
  },
  "may not be opened": {
    spoil: (disk) => disk.fail("open", "d/f", new Deno.errors.PermissionDenied("Permission denied (os error 13)")),
    kind: "unreadable",
  },
  "lies on a bad spot of the disk": {
    spoil: (disk) =>
      beforeLook(disk, 3, () => {
        throw Object.assign(new Error("Input/output error (os error 5)"), { code: "EIO" });
      }),
    kind: "unreadable",
  },
};

for (const [what, { spoil, kind }] of Object.entries(troubles)) {
  Deno.test(`read() reports a file that ${what}, and goes on with the next`, async () => {
    const { time, disk, sink, reader, read } = setUp();
    disk.write("other", after);
    time.pass(60_000);
    spoil(disk);
    const content = await read();
    assert("problem" in content, JSON.stringify(content));
    assertEquals([content.path, content.kind], ["d/f", kind]);
    disk.onCall = () => {};
    const next = await reader.read({ path: at("other"), stat: disk.stat(at("other")), known: undefined });
    assert("node" in next);
    const { entry, manifest } = cutContent(after);
    assertEquals(next.node.entry.content, entry.content);
    await reader.flush();
    assertEquals(sink.hashes.slice(-manifest.length), manifest.hashes());
  });
}

Deno.test("read() does not take an error of the program for one of the file", async () => {
  const { disk, read } = setUp();
  disk.fail("open", "d/f", new TypeError("A mistake"));
  await assertRejects(read, TypeError, "A mistake");
});

Deno.test("read() stamps a file that has not changed for a while, and no other", async () => {
  const { time, disk, read } = setUp();
  const content = await read();
  assert("node" in content);
  const { ctimeMs, inode } = disk.stat(at("d/f"));
  assertEquals(content.node.stamp, { ctimeMs, inode });
  disk.write("d/f", after);
  time.pass(1);
  const racy = await read();
  assert("node" in racy);
  assertEquals([racy.node.entry.content, racy.node.stamp], [cutContent(after).entry.content, undefined]);
});

Deno.test("read() takes permissions from the disk, or where it has none from what is known", async () => {
  const { disk, read } = setUp();
  disk.chmod("d/f", 0o751);
  const content = await read(file("x", { mode: 0o600 }));
  assert("node" in content);
  assertEquals(content.node.entry.mode, 0o751);
  const plain = setUp({ keepsModes: false });
  for (const [known, mode] of [[file("x", { mode: 0o600 }), 0o600], [undefined, 0o644]] as const) {
    const content = await plain.read(known);
    assert("node" in content);
    assertEquals(content.node.entry.mode, mode);
  }
});
