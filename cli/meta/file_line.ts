import { format as formatBytes } from "@std/fmt/bytes";
import { timeJson } from "../../lib/metadata/json/mod.ts";
import type { FileMetadata } from "../../lib/metadata/mod.ts";
import { printable } from "../output.ts";

/** Metadata in a line, as lists show it. */
export function fileLine({ path, kind, size, hash, mtimeMs, version, syncState }: FileMetadata): string {
  const what = kind === "file" ? formatBytes(size) : kind === "directory" ? "folder" : "link";
  const name = `${printable(path)}${kind === "directory" ? "/" : ""}`;
  const time = String(timeJson(mtimeMs)).replace(/\.\d+Z$/, "Z");
  return `${syncState.status.padEnd(8)}  v${version}  ${what.padStart(9)}  ${time}  ${
    hash?.slice(0, 12) ?? "-".padEnd(12)
  }  ${name}`;
}
