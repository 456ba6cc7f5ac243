import { bold, cyan, dim, red } from "@std/fmt/colors";
import { Failure } from "../../lib/core/mod.ts";
import { type Diagnostic, type DiagnosticPart, renderDiagnostics } from "../../lib/metadata/ddl/mod.ts";
import type { FileMetadata } from "../../lib/metadata/mod.ts";
import { printable, writeError } from "../output.ts";
import { inputName, type MetadataInput, parseInput, type ReadOutcome } from "./read_input.ts";

const colours: Partial<Record<DiagnosticPart, (text: string) => string>> = {
  heading: (text) => bold(red(text)),
  place: dim,
  gutter: dim,
  caret: red,
  note: cyan,
};

/** Whether standard error is a terminal that wants colours (https://no-color.org). */
export function wantsColour(): boolean {
  return Deno.stderr.isTerminal() && !Deno.env.get("NO_COLOR");
}

/** Shows what is wrong with an input as compilers do, on standard error. */
export function showMistakes(operand: string, input: MetadataInput, outcome: ReadOutcome): void {
  const file = printable(inputName(operand));
  switch (outcome.form) {
    case "ok":
      return;
    case "ddl":
      return showDiagnostics(file, input.form === "binary" ? "" : input.text, outcome.diagnostics);
    case "json":
      for (const { pointer, message, expected, line, column } of outcome.problems) {
        const place = line === undefined ? `${file}#${printable(pointer)}` : `${file}:${line}:${column}`;
        writeError(`${place}: ${printable(message)}${expected === undefined ? "" : `; expected ${expected}`}`);
      }
      return;
    case "binary":
      writeError(`${file}: ${printable(outcome.message)}`);
  }
}

/** Shows diagnostics of a text. */
export function showDiagnostics(file: string, text: string, diagnostics: readonly Diagnostic[]): void {
  const paint = wantsColour() ? (part: DiagnosticPart, text: string) => colours[part]?.(text) ?? text : undefined;
  writeError(renderDiagnostics(text, diagnostics, paint === undefined ? { file } : { file, paint }).trimEnd());
}

/** The entries of an input that must have no mistakes; shows them and fails if it has. */
export function soundFiles(operand: string, input: MetadataInput): readonly FileMetadata[] {
  const outcome = parseInput(input);
  if (outcome.form === "ok") return outcome.files;
  showMistakes(operand, input, outcome);
  throw new Failure("corrupt", `There are mistakes in "${printable(inputName(operand))}"`);
}
