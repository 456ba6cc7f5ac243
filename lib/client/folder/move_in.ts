import { stagedPrefix } from "../../sync/mod.ts";
import { fileCalls } from "./file_calls.ts";

/**
 * Lets a file or a link take the place of another, in one step for whoever looks. If that is on another device, a copy is
 * made beside the place first, with the same permissions and time, and put on the medium.
 */
export function moveIn(from: string, to: string): void {
  try {
    fileCalls.rename(from, to);
  } catch (cause) {
    if (!isCrossDevice(cause)) throw cause;
    const slash = to.lastIndexOf("/") + 1;
    const beside = `${to.slice(0, slash)}${stagedPrefix}${from.slice(from.lastIndexOf("/") + 1).slice(0, 16)}`;
    copyBeside(from, beside);
    fileCalls.rename(beside, to);
    Deno.removeSync(from);
  }
}

function copyBeside(from: string, beside: string): void {
  const { stat, setTime } = fileCalls;
  const found = stat(from);
  removeIfThere(beside);
  if (found.kind === "symlink") {
    Deno.symlinkSync(Deno.readLinkSync(from), beside);
    return;
  }
  Deno.copyFileSync(from, beside);
  if (Deno.build.os !== "windows") Deno.chmodSync(beside, found.mode);
  setTime(beside, found);
  using file = Deno.openSync(beside, { read: true });
  file.syncSync();
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}

function isCrossDevice(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "EXDEV";
}
