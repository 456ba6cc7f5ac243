import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { nameBytesMax, parentPath, parseSafePath, pathBytesMax, type SafePath } from "../../lib/core/mod.ts";
import { conflictName, isConflictName, originalOfConflict } from "../../lib/sync/mod.ts";

const atMs = Date.UTC(2026, 0, 31, 8, 5, 9, 999);
const mark = ".conflict-20260131-080509-laptop1";

function safe(text: string): SafePath {
  const path = parseSafePath(text);
  assert(path.ok, JSON.stringify(path));
  return path.value;
}

const named: Record<string, string> = {
  "plan.txt": `plan${mark}.txt`,
  "a/b/plan.txt": `a/b/plan${mark}.txt`,
  "Makefile": `Makefile${mark}`,
  ".bashrc": `.bashrc${mark}`,
  ".config.json": `.config${mark}.json`,
  "a.tar.gz": `a.tar${mark}.gz`,
  "folder.d/name": `folder.d/name${mark}`,
  "ends with a dot.": `ends with a dot.${mark}`,
  "...": `...${mark}`,
  "line\nbreak.t\nt": `line\nbreak${mark}.t\nt`,
  "ünïcode.täxt": `ünïcode${mark}.täxt`,
  [`long.${"e".repeat(40)}`]: `long.${"e".repeat(40)}${mark}`,
};

for (const [path, copy] of Object.entries(named)) {
  Deno.test(`conflictName() of ${JSON.stringify(path)}, and back`, () => {
    const name = conflictName(safe(path), { client: "laptop1", atMs });
    assertEquals<string>(name, copy);
    assertFalse(isConflictName(safe(path)));
    assert(isConflictName(name));
    assertEquals<string | undefined>(originalOfConflict(name), path);
  });
}

Deno.test("conflictName() of a copy replaces the mark, however many there are", () => {
  const copy = conflictName(safe("d/a.txt"), { client: "desktop", atMs: 0 });
  assertEquals<string>(copy, "d/a.conflict-19700101-000000-desktop.txt");
  assertEquals<string>(conflictName(copy, { client: "laptop1", atMs }), `d/a${mark}.txt`);
  const stacked = safe(`d/a.conflict-19700101-000000-x.conflict-19700101-000000-y.txt`);
  assertEquals<string>(conflictName(stacked, { client: "laptop1", atMs }), `d/a${mark}.txt`);
});

Deno.test("conflictName() reduces the client's id to safe characters", () => {
  const clientOf = (client: string): string => conflictName(safe("a"), { client, atMs }).slice(27);
  assertEquals(clientOf("Anna's laptop.local/../x"), "Anna-s-laptop-local-x");
  assertEquals(clientOf("../.."), "unknown");
  assertEquals(clientOf(""), "unknown");
  assertEquals(clientOf("\0é\u{1f600}"), "unknown");
  assertEquals(clientOf("x".repeat(99)), "x".repeat(32));
  assertEquals(clientOf(`${"x".repeat(31)}..y`), "x".repeat(31));
});

Deno.test("conflictName() takes any time", () => {
  const timeOf = (ms: number): string => conflictName(safe("a"), { client: "c", atMs: ms }).slice(11, 26);
  assertEquals(timeOf(-1e15), "19700101-000000");
  assertEquals(timeOf(Infinity), "99991231-235959");
});

Deno.test("conflictName() shortens names of 255 bytes between characters", () => {
  const options = { client: "laptop1", atMs };
  const plain = conflictName(safe(`${"n".repeat(251)}.txt`), options);
  assertEquals(plain.length, nameBytesMax);
  assert(plain.endsWith(`n${mark}.txt`));
  const wide = conflictName(safe(`${"\u{1f600}".repeat(63)}`), options);
  assert(wide.startsWith("\u{1f600}".repeat(55)) && wide.endsWith(`\u{1f600}${mark}`) && wide.isWellFormed());
});

Deno.test("conflictName() goes to a folder above if the path is too long", () => {
  const folder = `${`${"d".repeat(254)}/`.repeat(16)}`.slice(0, -1);
  const path = safe(`${folder}/${"n".repeat(15)}`);
  assertEquals(path.length, pathBytesMax - 1);
  const copy = conflictName(path, { client: "laptop1", atMs });
  assertEquals(parentPath(copy), parentPath(safe(folder)));
  assert(parseSafePath(copy).ok);
  const room = safe(`${folder.slice(0, -60)}/${"n".repeat(75)}`);
  const near = conflictName(room, { client: "laptop1", atMs });
  assertEquals(parentPath(near), parentPath(room));
  assert(parseSafePath(near).ok);
});

Deno.test("isConflictName() and originalOfConflict() leave other names alone", () => {
  for (
    const text of [
      "plan.txt",
      ".conflict-20260131-080509-laptop1",
      "a.conflict-2026013-080509-laptop1",
      "a.conflict-20260131-080509-",
      "a.conflict-20260131-080509-la ptop",
      "a.conflict-20260131-080509-x.tar.gz",
      "a.conflict-20260131-080509-x/b",
    ]
  ) {
    assertFalse(isConflictName(safe(text)), text);
    assertEquals(originalOfConflict(safe(text)), undefined);
  }
});

Deno.test("conflictName() gives safe paths whose copies are named alike, for any path and client", () => {
  const name = fc.string({ unit: fc.constantFrom(..."ab.-é\u{1f600}\n "), minLength: 1, maxLength: 250 });
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 20 }), fc.string(), fc.integer(), (names, client, ms) => {
      const path = parseSafePath(names.join("/"));
      if (!path.ok) return;
      const copy = conflictName(path.value, { client, atMs: ms });
      assert(parseSafePath(copy).ok, copy);
      assert(isConflictName(copy), copy);
      assert(parseSafePath(conflictName(copy, { client: "laptop1", atMs })).ok);
      const short = names.join("").length < 40;
      if (short) assertEquals(originalOfConflict(copy), path.value);
    }),
  );
});
