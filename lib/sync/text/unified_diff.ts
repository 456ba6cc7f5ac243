import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatchHunk } from "diff";
import { changedLinesMax } from "./line_edits.ts";
import { decodeText, splitLines } from "./text_lines.ts";

/** One side of a comparison. */
export interface DiffSide {
  /** What the diff calls it. */
  readonly name: string;
  /** The whole file. */
  readonly bytes: Uint8Array;
}

/** How many unchanged lines are shown around a change. */
const contextLines = 3;

/**
 * Shows what turns one text into another, in the unified format that `diff -u` writes and `patch` reads. Texts that have
 * next to nothing in common are shown as one replaced by the other.
 *
 * @returns The diff, empty if the sides are equal; `undefined` if either side is binary or too large.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unifiedDiff } from "./unified_diff.ts";
 * const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
 * const diff = unifiedDiff({ name: "f@1", bytes: bytes("a\n") }, { name: "f", bytes: bytes("b\n") });
 * assertEquals(diff, "--- f@1\n+++ f\n@@ -1,1 +1,1 @@\n-a\n+b\n");
 * ```
 */
export function unifiedDiff(before: DiffSide, after: DiffSide): string | undefined {
  const [old, fresh] = [decodeText(before.bytes), decodeText(after.bytes)];
  if (!old.ok || !fresh.ok) return undefined;
  if (old.value === fresh.value) return "";
  const options = { context: contextLines, maxEditLength: changedLinesMax };
  const patch = structuredPatch(before.name, after.name, old.value, fresh.value, undefined, undefined, options);
  const hunks = patch?.hunks ?? [replacement(splitLines(old.value), splitLines(fresh.value))];
  return formatPatch({
    oldFileName: before.name,
    newFileName: after.name,
    oldHeader: undefined,
    newHeader: undefined,
    hunks,
  }, FILE_HEADERS_ONLY);
}

/** The hunk that takes all old lines away and puts all new ones there. */
function replacement(old: readonly string[], fresh: readonly string[]): StructuredPatchHunk {
  return {
    oldStart: 1,
    oldLines: old.length,
    newStart: 1,
    newLines: fresh.length,
    lines: [...marked("-", old), ...marked("+", fresh)],
  };
}

function* marked(mark: "-" | "+", lines: readonly string[]): Generator<string> {
  for (const line of lines) {
    if (line.endsWith("\n")) yield mark + line.slice(0, -1);
    else yield* [mark + line, "\\ No newline at end of file"];
  }
}
