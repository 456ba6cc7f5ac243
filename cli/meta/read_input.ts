import { Failure, platformFailure } from "../../lib/core/mod.ts";
import { decodeMetadata } from "../../lib/metadata/binary/mod.ts";
import { type Diagnostic, parseMetadata } from "../../lib/metadata/ddl/mod.ts";
import { type JsonProblem, parseFilesJson } from "../../lib/metadata/json/mod.ts";
import type { FileMetadata } from "../../lib/metadata/mod.ts";

/** The bytes a stream in the binary form begins with. */
const binaryMagic = "DFSM";

/** A file of metadata, or standard input, as it was found. */
export type MetadataInput =
  | { readonly form: "binary"; readonly bytes: Uint8Array }
  | { readonly form: "json" | "ddl"; readonly text: string };

/** What was read, or what is wrong with it. */
export type ReadOutcome =
  | { readonly form: "ok"; readonly files: readonly FileMetadata[] }
  | { readonly form: "ddl"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly form: "json"; readonly problems: readonly JsonProblem[] }
  | { readonly form: "binary"; readonly message: string };

/** What a person calls an operand. */
export function inputName(operand: string): string {
  return operand === "-" ? "<stdin>" : operand;
}

/** Reads a file, or standard input for `-`, and finds out in which form it is. */
export async function readInput(operand: string): Promise<MetadataInput> {
  const bytes = await readBytes(operand);
  if (new TextDecoder().decode(bytes.subarray(0, binaryMagic.length)) === binaryMagic) return { form: "binary", bytes };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure("corrupt", `${JSON.stringify(inputName(operand))} is neither text nor binary metadata`);
  }
  // No text of the language begins so: flow collections are outside of it.
  return { form: /^\s*[{[]/.test(text) ? "json" : "ddl", text };
}

/** Reads the entries of an input. */
export function parseInput(input: MetadataInput): ReadOutcome {
  if (input.form === "binary") {
    const files = decodeMetadata([input.bytes]);
    return files.ok ? { form: "ok", files: files.value } : { form: "binary", message: files.error.message };
  }
  if (input.form === "json") {
    const files = parseFilesJson(input.text, { mtimeMs: Date.now() });
    return files.ok ? { form: "ok", files: files.value } : { form: "json", problems: files.error };
  }
  const files = parseMetadata(input.text);
  return files.ok ? { form: "ok", files: files.value } : { form: "ddl", diagnostics: files.error };
}

async function readBytes(operand: string): Promise<Uint8Array> {
  if (operand === "-") return new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
  try {
    return await Deno.readFile(operand);
  } catch (cause) {
    throw platformFailure(`read ${JSON.stringify(operand)}`, cause);
  }
}
