import { err, ok, type Result } from "./result.ts";

/**
 * A path inside a space: names separated by `/`, no name empty, `.` or `..`, no slash at either end. The root is `""`.
 *
 * It can be joined to any root folder without leaving it, as long as no folder on the way is a symbolic link.
 */
export type SafePath = string & { readonly __brand: "SafePath" };

/** The longest name in bytes of UTF-8: what ext4, NTFS (as UTF-16), APFS and XFS can hold. */
export const nameBytesMax = 255;
/** The longest path in bytes of UTF-8, PATH_MAX of Linux. */
export const pathBytesMax = 4096;

/** The root of a space. */
export const rootPath: SafePath = "" as SafePath;

/**
 * Takes a path from the other side, or from a person, and makes sure that it stays inside the root.
 *
 * One leading slash is dropped. Refused are empty names, `.`, `..`, NUL, backslashes, names over 255 bytes and paths
 * over 4096 bytes, and text that is not Unicode (a lone surrogate).
 *
 * @returns The path, or a sentence that says what is wrong with it.
 *
 * @example
 * ```ts
 * import { parseSafePath } from "./safe_path.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseSafePath("/a/b.txt").ok, true);
 * assertEquals(parseSafePath("a/../../etc/passwd").ok, false);
 * ```
 */
export function parseSafePath(text: string): Result<SafePath, string> {
  const path = text.startsWith("/") ? text.slice(1) : text;
  if (path === "") return err("The path is empty");
  if (utf8Length(path) > pathBytesMax) return err(`The path is longer than ${pathBytesMax} bytes`);
  for (const name of path.split("/")) {
    const problem = nameProblem(name);
    if (problem !== undefined) return err(`${problem} in ${JSON.stringify(text)}`);
  }
  return ok(path as SafePath);
}

/**
 * Says what is wrong with one name of a path, if anything is.
 *
 * @returns A phrase such as `Name ".."`, or `undefined` if the name is fine everywhere that dfs runs on POSIX systems.
 */
export function nameProblem(name: string): string | undefined {
  if (isPlainName(name)) return undefined;
  if (name === "") return "An empty name";
  if (name === "." || name === "..") return `The name ${JSON.stringify(name)}`;
  if (name.includes("/")) return "A slash within a name";
  if (name.includes("\\")) return "A backslash";
  if (name.includes("\0")) return "A NUL character";
  if (!name.isWellFormed()) return "A name that is not Unicode";
  if (utf8Length(name) > nameBytesMax) return `A name longer than ${nameBytesMax} bytes`;
  return undefined;
}

/** Joins a name to the path of its folder. */
export function joinPath(directory: SafePath, name: string): SafePath {
  return (directory === "" ? name : `${directory}/${name}`) as SafePath;
}

/** The folder a path lies in; of a top-level path, the root. */
export function parentPath(path: SafePath): SafePath {
  const slash = path.lastIndexOf("/");
  return (slash < 0 ? "" : path.slice(0, slash)) as SafePath;
}

/** The folders a path lies in, from the top down, without the root. */
export function ancestors(path: SafePath): SafePath[] {
  const above: SafePath[] = [];
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    above.push(path.slice(0, slash) as SafePath);
  }
  return above;
}

/** The last name of a path. */
export function baseName(path: SafePath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Says whether `path` is `directory` itself or lies under it. */
export function isWithin(path: SafePath, directory: SafePath): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

const windowsDevice = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|:|$)/i;

/**
 * Says why Windows could not hold a name that POSIX systems can: device names, forbidden characters, a dot or a space
 * at the end ("Naming Files, Paths, and Namespaces", Microsoft).
 *
 * @returns A phrase, or `undefined` if Windows can hold it.
 */
export function windowsNameProblem(name: string): string | undefined {
  if (windowsDevice.test(name)) return "a device name";
  // deno-lint-ignore no-control-regex
  const forbidden = /[<>:"|?*\\\u0000-\u001f]/.exec(name);
  if (forbidden) return `the character ${JSON.stringify(forbidden[0])}`;
  if (/[. ]$/.test(name)) return "a dot or a space at its end";
  return undefined;
}

/** The common case, without regular expressions or allocation: short printable ASCII that does not begin with a dot. */
function isPlainName(name: string): boolean {
  const length = name.length;
  if (length === 0 || length > nameBytesMax || name.charCodeAt(0) === 0x2e) return false;
  for (let i = 0; i < length; i++) {
    const unit = name.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e || unit === 0x2f || unit === 0x5c) return false;
  }
  return true;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}
