import { fromFileUrl } from "@std/path";

/** What to type on a terminal to run this very program: from source, as a bundle, or compiled. */
export function programCommand(): string {
  const command = Deno.build.standalone
    ? [Deno.execPath()]
    : [Deno.execPath(), "run", "--allow-all", fromFileUrl(Deno.mainModule)];
  return command.map(quoted).join(" ");
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word;
  return Deno.build.os === "windows" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
