import { DirectoryLook } from "../../sync/mod.ts";
import type { FileCalls } from "./file_calls.ts";
import { toDiskStat } from "./disk_stat.ts";
import { unlessRefused } from "./unless_refused.ts";

/** What Deno has for every platform: it tells and sets times in whole milliseconds, and tells change times in whole seconds. */
export const denoCalls: FileCalls = {
  stat: (path) => toDiskStat(Deno.lstatSync(path)),
  look: (path) => {
    try {
      const names = Array.from(Deno.readDirSync(path), ({ name }) => name);
      // One that is not Unicode would not come through as it is.
      if (!names.every((name) => name.isWellFormed() && !name.includes("\ufffd"))) return undefined;
      const found = names.map((name) => ({ name, stat: toDiskStat(Deno.lstatSync(`${path}/${name}`)) }));
      return DirectoryLook.of(found);
    } catch {
      return undefined;
    }
  },
  open: (path) => {
    const file = Deno.openSync(path, { read: true });
    return {
      read: (into) => file.readSync(into) ?? 0,
      seek: (offset) => void file.seekSync(offset, Deno.SeekMode.Start),
      stat: () => toDiskStat(file.statSync()),
      [Symbol.dispose]: () => file.close(),
    };
  },
  make: (path, bytes, marks) => {
    using file = Deno.openSync(path, { write: true, create: true, truncate: true, mode: 0o600 });
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
    if (Deno.build.os !== "windows") unlessRefused(() => Deno.chmodSync(path, marks.mode));
    unlessRefused(() => denoCalls.setTime(path, marks));
  },
  setTime: (path, { mtimeMs }) => Deno.utimeSync(path, new Date(mtimeMs), new Date(mtimeMs)),
  rename: Deno.renameSync,
};
