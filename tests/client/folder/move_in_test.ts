import { assertEquals, assertThrows } from "@std/assert";
import { moveIn } from "../../../lib/client/folder/move_in.ts";

/** Two folders, gone afterwards. */
function twoFolders(other: string | undefined) {
  const [here, there] = [Deno.makeTempDirSync(), Deno.makeTempDirSync(other === undefined ? {} : { dir: other })];
  return {
    here,
    there,
    [Symbol.dispose]: () => {
      for (const folder of [here, there]) Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** A folder of another device, where the system has one. */
function otherDevice(): string | undefined {
  using folders = twoFolders(undefined);
  try {
    return Deno.statSync("/dev/shm").dev === Deno.statSync(folders.here).dev ? undefined : "/dev/shm";
  } catch {
    return undefined;
  }
}

const other = otherDevice();

for (const [where, ignore, dir] of [["on one device", false, undefined], ["across devices", !other, other]] as const) {
  Deno.test({
    name: `moveIn() puts a file with its permissions and time in the place of another ${where}`,
    ignore,
    fn: () => {
      using folders = twoFolders(dir);
      const [from, to] = [`${folders.here}/0123456789abcdef-0`, `${folders.there}/file`];
      Deno.writeTextFileSync(from, "new");
      Deno.writeTextFileSync(to, "old");
      Deno.chmodSync(from, 0o444);
      Deno.utimeSync(from, new Date(1234), new Date(1234));
      // What a run before left beside the place.
      Deno.writeTextFileSync(`${folders.there}/.dfs-staged-0123456789abcdef`, "half");
      moveIn(from, to);
      const { mode, mtime } = Deno.lstatSync(to);
      assertEquals([Deno.readTextFileSync(to), (mode ?? 0) & 0o777, mtime?.getTime()], ["new", 0o444, 1234]);
      assertThrows(() => Deno.lstatSync(from), Deno.errors.NotFound);
    },
  });

  Deno.test({
    name: `moveIn() puts a link in the place of a file ${where}`,
    ignore,
    fn: () => {
      using folders = twoFolders(dir);
      const [from, to] = [`${folders.here}/link`, `${folders.there}/file`];
      Deno.symlinkSync("nowhere", from);
      Deno.writeTextFileSync(to, "old");
      moveIn(from, to);
      assertEquals(Deno.readLinkSync(to), "nowhere");
      assertEquals([...Deno.readDirSync(folders.there)].map(({ name }) => name), ["file"]);
    },
  });
}
