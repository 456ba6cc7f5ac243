import { assertEquals } from "@std/assert";
import { RepeatedChunks } from "../../../lib/client/apply/repeated_chunks.ts";
import type { PlannedFile } from "../../../lib/client/transfer/mod.ts";
import { contentOf, file } from "../../metadata/store/fixtures.ts";

/** A file of one chunk, which comes from the server or is that of another file. */
function planned(text: string, from: "server" | "staging", use: number): PlannedFile {
  const entry = file(text);
  const [hash, length] = [entry.content, entry.size];
  const source = from === "server"
    ? { from, hash, length } as const
    : { from, hash, length, content: hash, offset: 0 } as const;
  return { entry, use, sources: [source] };
}

Deno.test("RepeatedChunks gives a chunk as often as it is wanted, and nothing that is not", () => {
  const [a, b] = [contentOf("a"), contentOf("b")];
  const repeated = new RepeatedChunks([
    planned("a", "server", 0),
    planned("b", "server", 0),
    planned("a", "staging", 1),
    planned("a", "staging", 2),
  ]);
  assertEquals(repeated.take(b), undefined);
  const room = new TextEncoder().encode("a");
  repeated.keep(a, room);
  repeated.keep(b, room);
  room.fill(0);
  assertEquals([repeated.take(a), repeated.take(b)], [new TextEncoder().encode("a"), undefined]);
  assertEquals([repeated.take(a), repeated.take(a)], [new TextEncoder().encode("a"), undefined]);
});

Deno.test("RepeatedChunks lets go of the oldest when they get too much", () => {
  const names = Array.from({ length: 100 }, (_, index) => `${index}`);
  const repeated = new RepeatedChunks(names.map((name) => planned(name, "staging", 1)));
  for (const name of names) repeated.keep(contentOf(name), new Uint8Array(256 * 1024));
  const kept = names.filter((name) => repeated.take(contentOf(name)) !== undefined);
  assertEquals(kept, names.slice(-32));
});
