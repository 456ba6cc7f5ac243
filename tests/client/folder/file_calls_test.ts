import { assertEquals, assertThrows } from "@std/assert";
import { denoCalls } from "../../../lib/client/folder/deno_calls.ts";
import { type FileCalls, fileCalls } from "../../../lib/client/folder/file_calls.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const implementations: Record<string, FileCalls> = { "fileCalls": fileCalls, "denoCalls": denoCalls };
const [keepsModes, isLinux] = [Deno.build.os !== "windows", Deno.build.os === "linux"];

for (const [name, calls] of Object.entries(implementations)) {
  Deno.test(`${name}.stat() tells kind, length, permissions and inode, and follows no link`, async () => {
    await using temp = await TempFolder.make({ "größe \u{1f600}": "12345", "d/x": "" });
    const file = `${temp.path}/größe \u{1f600}`;
    Deno.chmodSync(file, 0o640);
    Deno.symlinkSync("nowhere", `${temp.path}/link`);
    const { ino, ctime } = Deno.lstatSync(file);
    const { kind, size, mode, inode, ctimeMs } = calls.stat(file);
    assertEquals([kind, size, inode], ["file", 5, ino]);
    if (keepsModes) assertEquals(mode, 0o640);
    assertEquals(Math.floor(ctimeMs / 1000), Math.floor(ctime!.getTime() / 1000));
    assertEquals([calls.stat(`${temp.path}/d`).kind, calls.stat(`${temp.path}/link`).kind], ["directory", "symlink"]);
    if (isLinux) assertEquals(calls.stat("/dev/null").kind, "other");
  });

  Deno.test(`${name} throw the platform's own errors`, async () => {
    await using temp = await TempFolder.make({ "f": "" });
    for (const path of [`${temp.path}/gone`, `${temp.path}/${"deep/".repeat(2000)}x`]) {
      const known = path.endsWith("gone") ? Deno.errors.NotFound : Error;
      assertThrows(() => calls.stat(path), known);
      assertThrows(() => calls.open(path), known);
      assertThrows(() => calls.setTime(path, { mtimeMs: 0 }), known);
    }
    if (isLinux) {
      using folder = calls.open(temp.path);
      assertThrows(() => folder.read(new Uint8Array(1)), Error, "directory");
    }
  });

  Deno.test(`${name}.open() reads from any place, and tells of the very file that was opened`, async () => {
    await using temp = await TempFolder.make({ "f": "0123456789", "other": "" });
    using file = calls.open(`${temp.path}/f`);
    const before = file.stat();
    Deno.renameSync(`${temp.path}/other`, `${temp.path}/f`);
    const bytes = new Uint8Array(4);
    assertEquals([file.read(bytes), new TextDecoder().decode(bytes)], [4, "0123"]);
    file.seek(7);
    assertEquals([file.read(bytes), new TextDecoder().decode(bytes)], [3, "7893"]);
    assertEquals(file.read(bytes), 0);
    assertEquals([file.stat().inode, file.stat().size], [before.inode, 10]);
  });

  Deno.test(`${name}.make() makes a file with all it is to have, in the place of another`, async () => {
    await using temp = await TempFolder.make({ "öld": "much longer than the new one", "d/x": "" });
    const bytes = crypto.getRandomValues(new Uint8Array(40_000));
    for (const [file, mode] of [["öld", 0o755], ["new", 0o640], ["none", 0o604]] as const) {
      const content = file === "none" ? new Uint8Array() : bytes;
      calls.make(`${temp.path}/${file}`, content, { mode, mtimeMs: 1_600_000_000_123 });
      const stat = calls.stat(`${temp.path}/${file}`);
      assertEquals([Deno.readFileSync(`${temp.path}/${file}`), stat.mtimeMs], [content, 1_600_000_000_123]);
      if (keepsModes) assertEquals(stat.mode, mode);
    }
    const marks = { mode: 0o600, mtimeMs: 0 };
    assertThrows(() => calls.make(`${temp.path}/gone/f`, bytes, marks), Deno.errors.NotFound);
    assertThrows(() => calls.make(`${temp.path}/d`, bytes, marks), Error);
  });

  Deno.test(`${name}.rename() lets a file take the place of another`, async () => {
    await using temp = await TempFolder.make({ "a \u{1f600}": "new", "d/b": "old, and longer", "full/x": "" });
    calls.rename(`${temp.path}/a \u{1f600}`, `${temp.path}/d/b`);
    assertEquals(Deno.readTextFileSync(`${temp.path}/d/b`), "new");
    assertThrows(() => calls.rename(`${temp.path}/a \u{1f600}`, `${temp.path}/c`), Deno.errors.NotFound);
    assertThrows(() => calls.rename(`${temp.path}/d/b`, `${temp.path}/full`), Error);
  });

  for (
    const mtimeMs of [0, 1, -1, -86_400_123, 1_700_000_000_123, 2 ** 31 * 1000 + 999, 2 ** 32 * 1000, -(2 ** 31) * 1000]
  ) {
    Deno.test(`${name}.setTime() sets ${mtimeMs} ms, for itself and for others`, async () => {
      await using temp = await TempFolder.make({ "f": "" });
      const path = `${temp.path}/f`;
      calls.setTime(path, { mtimeMs });
      assertEquals(calls.stat(path).mtimeMs, mtimeMs);
      assertEquals(Deno.lstatSync(path).mtime?.getTime(), mtimeMs);
    });
  }
}

for (
  const [mtimeMs, mtimeRestNs, told] of [
    [1_700_000_000_123, 456_789, "1700000000.123456789"],
    [1_700_000_000_999, 999_999, "1700000000.999999999"],
    [0, 1, "0.000000001"],
  ] as const
) {
  Deno.test({
    name: `fileCalls keep the time ${told} to the nanosecond on Linux, as stat(1) sees it`,
    ignore: !isLinux,
    fn: async () => {
      await using temp = await TempFolder.make({ "f": "" });
      const path = `${temp.path}/f`;
      fileCalls.setTime(path, { mtimeMs, mtimeRestNs });
      const { mtimeMs: ms, mtimeRestNs: rest } = fileCalls.stat(path);
      assertEquals([ms, rest], [mtimeMs, mtimeRestNs]);
      const { stdout } = await new Deno.Command("stat", { args: ["--format=%.9Y", path] }).output();
      assertEquals(new TextDecoder().decode(stdout).trim(), told);
    },
  });
}

Deno.test({
  name: "fileCalls.flushFileSystem() flushes on Linux, and says where it cannot",
  ignore: !isLinux,
  fn: async () => {
    await using temp = await TempFolder.make({ "f": "" });
    assertEquals(await fileCalls.flushFileSystem?.(temp.path), true);
    assertEquals(await fileCalls.flushFileSystem?.(`${temp.path}/gone`), false);
    assertEquals(denoCalls.flushFileSystem, undefined);
  },
});
