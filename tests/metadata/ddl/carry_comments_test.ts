import { assertEquals } from "@std/assert";
import { carryComments, metadataToDdl, parseDdl, parseMetadata, printDdl } from "../../../lib/metadata/ddl/mod.ts";

const original = `# My files
file_metadata:
  # kept since 2019
  - name: "b"
    version: 1 # the first
    size: 1
    last_modified: "2024-01-15T10:30:00Z"
    sync_state: # where it is
      status: "synced"
      replicas:
        # at home
        - node: "n1"
          version: 1
        - node: "n2"
          version: 1
  - name: "gone" # forgotten
    version: 1
    size: 1
    last_modified: "2024-01-15T10:30:00Z"
# the end
`;

const edited = `# My files
file_metadata:
  - name: "a"
    version: 1
    size: 1
    last_modified: "2024-01-15T10:30:00Z"
    sync_state:
      status: "pending"
  # kept since 2019
  - name: "b"
    version: 2 # the first
    size: 1
    last_modified: "2024-01-15T10:30:00Z"
    sync_state: # where it is
      status: "synced"
      replicas:
        - node: "n2"
          version: 1
        # at home
        - node: "n1"
          version: 1
# the end
`;

Deno.test("carryComments() lets the comments of an edited text survive", () => {
  const parsed = parseMetadata(original);
  if (!parsed.ok) throw new Error("The text is refused");
  const [b] = parsed.value;
  if (b === undefined) throw new Error("The text has no entries");
  const added = { ...b, path: parsedPath("a"), syncState: { status: "pending", replicas: [] } } as const;
  const changed = { ...b, version: 2, syncState: { ...b.syncState, replicas: b.syncState.replicas.toReversed() } };
  const newer = metadataToDdl([added, changed]);
  assertEquals(printDdl(carryComments(parseDdl(original).stream, newer)), edited);
});

Deno.test("carryComments() of a tree to itself without comments gives all of them", () => {
  const { stream } = parseDdl(original);
  const parsed = parseDdl(original.replaceAll(/^ *#.*\n| *#.*$/gm, "")).stream;
  assertEquals(printDdl(carryComments(stream, parsed)), printDdl(stream));
});

function parsedPath(name: string) {
  const parsed = parseMetadata(`file_metadata:\n  name: ${name}\n  version: 1\n  size: 0\n  last_modified: 0\n`);
  const path = parsed.ok ? parsed.value[0]?.path : undefined;
  if (path === undefined) throw new Error("The path is refused");
  return path;
}
