import { Failure, platformFailure } from "../../lib/core/mod.ts";
import { encodeMetadataBatches } from "../../lib/metadata/binary/mod.ts";
import { printMetadata } from "../../lib/metadata/ddl/mod.ts";
import { fileJson } from "../../lib/metadata/json/mod.ts";
import type { FileMetadata } from "../../lib/metadata/mod.ts";
import { type Command, exitCodes, type Invocation } from "../command.ts";
import { writeBytes } from "../output.ts";
import { serverOptions } from "../server_options.ts";
import { connectMetadata } from "./connect.ts";
import { filterOf, filterOptions } from "./filter.ts";

const forms = ["binary", "ddl", "json"] as const;
type Form = typeof forms[number];

const { json: _, ...options } = serverOptions;

/** `dfs meta export` */
export const metaExport: Command = {
  name: "meta export",
  summary: "Write what a server knows of paths to a file, or to standard output",
  operands: "[PREFIX]",
  operandsMax: 1,
  options: {
    output: { value: "FILE", letter: "o", help: "Write to this file" },
    form: { value: "FORM", help: `${forms.join(", ")} (binary)` },
    ...filterOptions,
    ...options,
  },
  async run(invocation) {
    const form = formOf(invocation);
    const filter = filterOf(invocation);
    const output = invocation.text("output");
    if (output === undefined && form === "binary" && Deno.stdout.isTerminal()) {
      throw new Failure("usage", "A terminal cannot show the binary form", { hint: "Write -o FILE, or --form ddl" });
    }
    using opened = connectMetadata(invocation);
    const pieces = encoders[form](opened.metadata.list(filter));
    if (output !== undefined) await writeFile(output, pieces);
    else for await (const piece of pieces) if (!writeBytes(piece)) break;
    return exitCodes.done;
  },
};

function formOf(invocation: Invocation): Form {
  const text = invocation.text("form") ?? "binary";
  const form = forms.find((candidate) => candidate === text);
  if (form !== undefined) return form;
  throw new Failure("usage", `There is no form "${text}"`, { hint: `Choose one of ${forms.join(", ")}` });
}

const encoders: Readonly<Record<Form, (pages: AsyncIterable<FileMetadata[]>) => AsyncIterable<Uint8Array>>> = {
  binary: encodeMetadataBatches,
  ddl: async function* (pages) {
    const text = new TextEncoder();
    let first = true;
    for await (const page of pages) {
      if (page.length === 0) continue;
      yield text.encode(`${first ? "" : "---\n"}${printMetadata(page)}`);
      first = false;
    }
  },
  json: async function* (pages) {
    const text = new TextEncoder();
    let separator = '{"files":[';
    for await (const page of pages) {
      for (const file of page) {
        yield text.encode(`${separator}\n${JSON.stringify(fileJson(file))}`);
        separator = ",";
      }
    }
    yield text.encode(separator === "," ? "\n]}\n" : `${separator}]}\n`);
  },
};

/** Writes beside the file and renames, so that nobody takes half an export for a whole one. */
async function writeFile(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const beside = `${path}.dfs-${crypto.randomUUID().slice(0, 8)}`;
  try {
    const file = await Deno.open(beside, { write: true, createNew: true });
    await ReadableStream.from(pieces).pipeTo(file.writable);
    await Deno.rename(beside, path);
  } catch (cause) {
    await Deno.remove(beside).catch(() => {});
    throw cause instanceof Failure ? cause : platformFailure(`write ${JSON.stringify(path)}`, cause);
  }
}
