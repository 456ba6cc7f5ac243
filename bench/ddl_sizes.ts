/**
 * Shows that reading takes time in proportion to size: `deno run bench/ddl_sizes.ts [megabytes ...]`.
 *
 * @module
 */
import { parseDdl, parseMetadata } from "../lib/metadata/ddl/mod.ts";

const sizes = Deno.args.length > 0 ? Deno.args.map(Number) : [1, 10, 100];

/** A list of entries of about some megabytes. */
function list(megabytes: number): string {
  const parts = ["file_metadata:\n"];
  for (let length = 0, index = 0; length < megabytes * 1e6; index++) {
    const part = `  - name: "folder-${index % 1000}/document-${index}.pdf"
    version: ${index % 9}
    size: ${index * 37}
    hash: "sha256:${index.toString(16).padStart(64, "0")}"
    last_modified: "2024-01-15T10:30:00Z"
    owner: "laptop1"
    sync_state:
      status: "synced"
      replicas:
        - node: "server1"
          version: 3
`;
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
}

/** How often each size is read; the fastest run counts, since the others wait for other work of the machine. */
const runs = 3;

for (const megabytes of sizes) {
  const text = list(megabytes);
  for (const [name, read] of [["parseDdl", parseDdl], ["parseMetadata", parseMetadata]] as const) {
    let ms = Infinity;
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      read(text);
      ms = Math.min(ms, performance.now() - start);
    }
    console.log(`${name}: ${megabytes} MB in ${ms.toFixed(0)} ms, ${(text.length / 1e3 / ms).toFixed(1)} MB/s`);
  }
}
