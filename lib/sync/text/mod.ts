/**
 * Text compared and merged line by line: {@linkcode unifiedDiff} shows people what changed, {@linkcode mergeText} joins
 * the edits of two sides. Takes bytes and gives values; bytes that are no text, or too much of it, are told apart, never
 * guessed at. A line is what ends with LF; a CR before it and a missing LF at the end belong to the line.
 *
 * @module
 */
export { type MergeProblem, mergeText, type TextVersions } from "./merge_text.ts";
export { textBytesMax } from "./text_lines.ts";
export { type DiffSide, unifiedDiff } from "./unified_diff.ts";
