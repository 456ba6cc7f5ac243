/**
 * Lexing and parsing against `@std/yaml` on the same texts: `deno bench --allow-all bench/ddl_bench.ts`.
 *
 * @module
 */
import { parse } from "@std/yaml";
import { parseDdl, parseMetadata, printMetadata } from "../lib/metadata/ddl/mod.ts";

const one = `file_metadata:
  name: "document.pdf"
  version: 3
  size: 1048576
  hash: "sha256:${"0123456789abcdef".repeat(4)}"
  last_modified: "2024-01-15T10:30:00Z"
  owner: "laptop1"
  sync_state:
    status: "synced"
    replicas:
      - node: "server1"
        version: 3
`;

/** A list of entries, each with a path of its own. */
function list(count: number): string {
  const item = one.split("\n").slice(1, -1).map((line) => `  ${line}`).join("\n").replace("    name", "  - name");
  const items = Array.from({ length: count }, (_, index) => item.replace("document", `docs/${index}/document`));
  return `file_metadata:\n${items.join("\n")}\n`;
}

for (const [group, text] of [["one entry", one], ["a list of 1,000 entries", list(1_000)]] as const) {
  Deno.bench({ name: "@std/yaml parse", group, baseline: true, fn: () => void parse(text) });
  Deno.bench({ name: "parseDdl, to the syntax tree", group, fn: () => void parseDdl(text) });
  Deno.bench({ name: "parseMetadata, to FileMetadata", group, fn: () => void parseMetadata(text) });
}

const parsed = parseMetadata(list(1_000));
if (!parsed.ok) throw new Error("The benchmark's own text is refused");
const entries = parsed.value;
Deno.bench({ name: "printMetadata, 1,000 entries", fn: () => void printMetadata(entries) });
