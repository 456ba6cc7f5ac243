import { assertEquals } from "@std/assert";
import { suggest } from "../../../lib/metadata/ddl/suggest.ts";

const known = ["name", "version", "size", "last_modified", "sync_state"];

Deno.test("suggest() finds a word by two edits at most", () => {
  assertEquals(suggest("nmae", known), "name");
  assertEquals(suggest("versoin", known), "version");
  assertEquals(suggest("last-modified", known), "last_modified");
  assertEquals(suggest("SyncState", known), "sync_state");
});

Deno.test("suggest() is silent where no word is near", () => {
  for (const word of ["", "x", "colour", "n", "a".repeat(100_000)]) assertEquals(suggest(word, known), undefined);
});
