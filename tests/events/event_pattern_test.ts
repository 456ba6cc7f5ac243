import { assert, assertEquals } from "@std/assert";
import { allEventTypes, matchesPattern, parseEventPattern } from "../../lib/events/mod.ts";

Deno.test("matchesPattern() matches a type, a group and everything", () => {
  assert(matchesPattern("*", "file.added"));
  assert(matchesPattern("file.*", "file.added"));
  assert(matchesPattern("file.added", "file.added"));
  assert(!matchesPattern("file.deleted", "file.added"));
  assert(!matchesPattern("sync.*", "file.added"));
});

Deno.test("parseEventPattern() reads what matches some event and nothing else", () => {
  for (const text of ["*", "file.*", ...allEventTypes]) assertEquals(parseEventPattern(text), text);
  for (const text of ["", "file", "file.", "fil.*", "file.*.*", "*.added", "toString", "file.Added", ".*"]) {
    assertEquals(parseEventPattern(text), undefined, text);
  }
});
