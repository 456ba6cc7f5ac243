import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import {
  baseName,
  isWithin,
  joinPath,
  nameProblem,
  parentPath,
  parseSafePath,
  rootPath,
  type SafePath,
  windowsNameProblem,
} from "../../lib/core/mod.ts";

/** A path that must be safe. */
function safe(text: string): SafePath {
  const path = parseSafePath(text);
  assert(path.ok, JSON.stringify(path));
  return path.value;
}

const refused: Record<string, string> = {
  "nothing": "",
  "the root": "/",
  "..": "..",
  "a leading ..": "../etc/passwd",
  ".. in the middle": "a/../../b",
  ".. at the end": "a/..",
  ".. after a slash": "/../a",
  ".": ".",
  "a . in the middle": "a/./b",
  "two slashes at the start": "//host/share",
  "an empty name": "a//b",
  "a slash at the end": "a/",
  "a backslash": "..\\x",
  "a backslash within a name": "a/b\\c",
  "a UNC path": "\\\\host\\share",
  "a NUL": "a\0b",
  "a NUL at the end": "a/b\0",
  "a lone high surrogate": "a\ud800",
  "a lone low surrogate": "\udc00a",
  "a surrogate pair the wrong way round": "\udc00\ud800",
};

for (const [what, text] of Object.entries(refused)) {
  Deno.test(`parseSafePath() refuses ${what}`, () => {
    const path = parseSafePath(text);
    assertFalse(path.ok);
    if (!path.ok) assert(path.error.length > 5);
  });
}

Deno.test("parseSafePath() says what is wrong with which path", () => {
  const said = (text: string) => {
    const path = parseSafePath(text);
    return path.ok ? "fine" : path.error;
  };
  assertEquals(said("a/../b"), 'The name ".." in "a/../b"');
  assertEquals(said("a\0"), 'A NUL character in "a\\u0000"');
  assertEquals(said("a\\b"), 'A backslash in "a\\\\b"');
  assertEquals(said("a//b"), 'An empty name in "a//b"');
  assertEquals(said("\ud800"), 'A name that is not Unicode in "\\ud800"');
  assertEquals(said(""), "The path is empty");
});

Deno.test("parseSafePath() does not undo any escapes: these are names like others", () => {
  for (
    const text of [
      "%2e%2e/x",
      "a%5Cb",
      "a%00",
      "..%2f",
      "&#46;./x",
      "...",
      ".. ",
      " ..",
      "..a",
      "\u2024\u2024",
      "\uff0e\uff0e",
      "\u2215",
    ]
  ) {
    assertEquals(safe(text), text as SafePath);
  }
});

Deno.test("parseSafePath() takes names that other platforms forbid", () => {
  for (
    const text of ["CON", "COM1 ", "C:x", "C:/x", "a:b", "a.", "a\r\nb", "\t", "-rf", "~", "\x7f", "\u202e", ".git"]
  ) {
    assertEquals(safe(text), text as SafePath);
  }
});

Deno.test("parseSafePath() drops one leading slash, and no other", () => {
  assertEquals(safe("/a/b"), safe("a/b"));
});

Deno.test("parseSafePath() counts the bytes of names in UTF-8", () => {
  for (const [unit, bytes] of [["a", 1], ["\u00e9", 2], ["\u20ac", 3], ["\u{1f600}", 4]] as const) {
    const most = Math.floor(255 / bytes);
    safe(unit.repeat(most));
    assertFalse(parseSafePath(unit.repeat(most) + "x".repeat(256 - most * bytes)).ok);
  }
});

Deno.test("parseSafePath() counts the bytes of paths in UTF-8", () => {
  const name = "\u00e9".repeat(127);
  const path = Array(16).fill(name).join("/");
  assertEquals(safe(`${path}/${"x".repeat(16)}`).length > 0, true);
  assertFalse(parseSafePath(`${path}/${"x".repeat(17)}`).ok);
});

/** Names that look like what a path is made of. */
const anyName = fc.oneof(
  fc.string({ unit: fc.constantFrom(".", "/", "\\", "\0", "a", ":", " ", "\ud800", "\udc00", "\u00e9"), maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 300 }),
);

Deno.test("parseSafePath() never lets out of the root", () => {
  fc.assert(
    fc.property(fc.array(anyName, { maxLength: 5 }), (names) => {
      const path = parseSafePath(names.join("/"));
      if (!path.ok) return;
      const url = new URL(path.value.split("/").map(encodeURIComponent).join("/"), "file:///root/");
      assert(url.pathname.startsWith("/root/") && url.pathname.length > "/root/".length, url.pathname);
      assertEquals(new TextDecoder().decode(new TextEncoder().encode(path.value)), path.value);
      assert(path.value.split("/").every((name) => nameProblem(name) === undefined && name !== ""));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("parseSafePath() gives back what it gave", () => {
  fc.assert(fc.property(fc.array(anyName, { minLength: 1, maxLength: 4 }), (names) => {
    const path = parseSafePath(names.join("/"));
    if (path.ok) assertEquals(parseSafePath(path.value), path);
  }));
});

Deno.test("nameProblem() refuses a slash, which parseSafePath() never sees in a name", () => {
  assertEquals(nameProblem("a/b"), "A slash within a name");
  assertEquals(nameProblem("ab"), undefined);
});

Deno.test("joinPath(), parentPath() and baseName() take paths apart and put them together", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom("a", "b.c", "\u{1f600}", "..."), { minLength: 1 }), (names) => {
    const path = names.reduce(joinPath, rootPath);
    assertEquals(path, names.join("/") as SafePath);
    assertEquals(baseName(path), names.at(-1));
    assertEquals(parentPath(path), names.slice(0, -1).join("/") as SafePath);
    assertEquals(joinPath(parentPath(path), baseName(path)), path);
  }));
  assertEquals([parentPath(rootPath), baseName(rootPath)], [rootPath, ""]);
});

Deno.test("isWithin() goes by whole names", () => {
  const inside = [["a", "a"], ["a/b", "a"], ["a/b/c", "a"], ["a", ""], ["", ""]];
  const outside = [["ab", "a"], ["a", "a/b"], ["a-/b", "a"], ["b/a", "a"], ["", "a"]];
  for (const [path, directory] of inside) assert(isWithin(path as SafePath, directory as SafePath), `${path}`);
  for (const [path, directory] of outside) assertFalse(isWithin(path as SafePath, directory as SafePath), `${path}`);
});

const device = "a device name";
const windows: Record<string, string> = {
  "CON": device,
  "con": device,
  "Aux.txt": device,
  "NUL.tar.gz": device,
  "PRN ": device,
  "COM1": device,
  "COM1 ": device,
  "com9.log": device,
  "COM\u00b9": device,
  "LPT\u00b3.x": device,
  "CONIN$": device,
  "conout$": device,
  "nul:stream": device,
  "nul .txt": device,
  "C:x": 'the character ":"',
  "a:b": 'the character ":"',
  "a?": 'the character "?"',
  "a*": 'the character "*"',
  "<": 'the character "<"',
  "a|b": 'the character "|"',
  'a"b': 'the character "\\""',
  "a\nb": 'the character "\\n"',
  "a\x1f": 'the character "\\u001f"',
  "a\\b": 'the character "\\\\"',
  "a.": "a dot or a space at its end",
  "a ": "a dot or a space at its end",
  "...": "a dot or a space at its end",
};

for (const [name, problem] of Object.entries(windows)) {
  Deno.test(`windowsNameProblem() finds ${problem} in ${JSON.stringify(name)}`, () => {
    assertEquals(windowsNameProblem(name), problem);
  });
}

Deno.test("windowsNameProblem() lets usual names pass, also those that begin like a device", () => {
  for (
    const name of [
      "a",
      "console",
      "com",
      "com10",
      "lpt",
      "nul_",
      "auxiliary.txt",
      ".con",
      "a con",
      "com1a",
      "\u00e9",
      " a",
    ]
  ) {
    assertEquals(windowsNameProblem(name), undefined, name);
  }
});
