import { assertEquals, assertThrows } from "@std/assert";
import { parseSafePath, rootPath, type SafePath } from "../../../lib/core/mod.ts";
import { type IgnoreOptions, IgnoreRules } from "../../../lib/sync/mod.ts";
import { builtInRules } from "../../../lib/sync/ignore/mod.ts";

type Files = Readonly<Record<string, string>>;

function rulesOf(files: Files, options: Partial<IgnoreOptions> = {}): IgnoreRules {
  return IgnoreRules.of({ read: (directory) => files[directory], ...options });
}

/** The path, and whether it is a folder, which a slash at its end says. */
function split(text: string): [path: SafePath, isDirectory: boolean] {
  const path = parseSafePath(text.replace(/\/$/, ""));
  if (!path.ok) throw new Error(path.error);
  return [path.value, text.endsWith("/")];
}

function ignored(rules: IgnoreRules, paths: readonly string[]): string[] {
  return paths.filter((path) => rules.ignores(...split(path)));
}

Deno.test("IgnoreRules.ignores() follows gitignore(5)", () => {
  const cases: readonly (readonly [lines: string, ignored: readonly string[], kept: readonly string[]])[] = [
    ["a", ["a", "a/", "x/a", "a/x"], ["ab", "A"]],
    ["a/", ["a/", "x/a/", "a/x"], ["a", "x/a"]],
    ["/a", ["a", "a/x"], ["x/a"]],
    ["x/a", ["x/a", "x/a/y"], ["y/x/a"]],
    ["*.o", ["a.o", "x/y.o", ".o"], ["a.ob"]],
    ["a?c", ["abc"], ["ac", "a/c"]],
    ["[a-c]1", ["b1"], ["d1"]],
    ["[!a-c]1", ["d1"], ["b1"]],
    ["**/a", ["a", "x/y/a"], []],
    ["x/**", ["x/a", "x/y/z"], ["x/"]],
    ["x/**/a", ["x/a", "x/y/z/a"], ["a"]],
    ["x/*", ["x/a", "x/y/z"], ["x/"]],
    ["*\n!b", ["a", "c/"], ["b", "b/"]],
    ["a\n!a/b", ["a/b"], []],
    ["a/*\n!a/b", ["a/c"], ["a/b"]],
    ["*.o\n!a.o\na.o", ["a.o"], []],
    ["#a\n\n   \n!\n/\n//", [], ["#a", "a", "!"]],
    ["\\#a\n\\!b", ["#a", "!b"], ["a", "b"]],
    ["a   \nb\\ ", ["a", "b "], ["b", "a   "]],
    ["a\r\nb\r", ["a", "b"], []],
    ["\ufeffa", ["a"], []],
    ["\\*", ["*"], ["a"]],
    ["a\\", [], ["a", "a\\".slice(0, 1)]],
    ["$(x)+.{y}|^", ["$(x)+.{y}|^"], ["x"]],
  ];
  for (const [lines, yes, no] of cases) {
    const rules = rulesOf({ "": lines }, { builtIn: false });
    assertEquals([ignored(rules, yes), ignored(rules, no)], [yes, []], JSON.stringify(lines));
  }
});

Deno.test("IgnoreRules.ignores() gives deeper files the last word, for what lies beside and below them alone", () => {
  const rules = rulesOf({ "": "*.log\n/out", sub: "!keep.log\n/out\nown", "sub/deep": "keep.log" });
  const paths = ["keep.log", "sub/keep.log", "sub/a.log", "sub/deep/keep.log", "own", "sub/own", "sub/x/own"];
  assertEquals(ignored(rules, paths), ["keep.log", "sub/a.log", "sub/deep/keep.log", "sub/own", "sub/x/own"]);
  assertEquals(ignored(rules, ["out", "sub/out", "sub/x/out"]), ["out", "sub/out"]);
});

Deno.test("IgnoreRules.ignores() takes characters of a folder's name for themselves", () => {
  const folder = "[a] *?\\#!".replace("\\", "");
  const rules = rulesOf({ [folder]: "x\n/y/z" });
  assertEquals(ignored(rules, [`${folder}/x`, `${folder}/y/z`, "a/x", "x"]), [`${folder}/x`, `${folder}/y/z`]);
});

Deno.test("IgnoreRules reads no file in an ignored folder, and each one once", () => {
  const reads: string[] = [];
  const rules = IgnoreRules.of({
    read: (directory) => {
      reads.push(directory);
      return directory === rootPath ? "build" : "!x";
    },
  });
  assertEquals(ignored(rules, ["build/a/x", "build/b", "lib/x", "lib/y"]), ["build/a/x", "build/b"]);
  assertEquals(reads, ["", "lib"]);
});

Deno.test("IgnoreRules.enter() keeps a file from being looked for where there is none", () => {
  const rules = rulesOf({ "": "a", sub: "b" });
  rules.enter(rootPath, true);
  rules.enter("sub" as SafePath, false);
  assertEquals(ignored(rules, ["a", "sub/a", "sub/b"]), ["a", "sub/a"]);
});

Deno.test("IgnoreRules lets through what reading throws, and ignores everything in that folder from then on", () => {
  const rules = IgnoreRules.of({
    read: (directory) => {
      if (directory === "sub") throw new TypeError("unreadable");
      return undefined;
    },
  });
  assertThrows(() => rules.ignores("sub/deep/a" as SafePath, false), TypeError);
  assertEquals(ignored(rules, ["sub/deep/a", "sub/b", "sub/", "c"]), ["sub/deep/a", "sub/b"]);
  assertEquals(rules.explain("sub/deep/a" as SafePath, false), { rule: "", source: "sub/.dfsignore", line: 0 });
});

Deno.test("IgnoreRules ranks the configuration above the built-in rules and below every .dfsignore", () => {
  const rules = rulesOf({ sub: "!*.log\n*.swp" }, { patterns: ["*.log", "# no rule", "!a.swp"] });
  assertEquals(ignored(rules, ["x.log", "sub/x.log", "a.swp", "b.swp", "sub/a.swp"]), [
    "x.log",
    "b.swp",
    "sub/a.swp",
  ]);
});

Deno.test("the built-in rules ignore temporary files, and folders only where they say so", () => {
  const temporary = [".DS_Store", "x/Thumbs.db", "desktop.ini", ".a.txt.swp", ".a.swo", "a.swp", "a~", "#a#", ".#a"];
  const further = [
    ".~lock.a.odt#",
    "~$a.docx",
    "~WRL1.tmp",
    "a.part",
    "a.crdownload",
    ".nfs0000000000a1",
    "$RECYCLE.BIN/",
  ];
  const kept = [
    "a.tmp",
    "a.bak",
    "._a",
    "a#",
    "#a",
    "a~b",
    "old~/",
    ".swp/",
    ".Trashes",
    "a.party",
    ".dfsignore",
    "\n~/",
  ];
  const rules = rulesOf({});
  assertEquals(ignored(rules, [...temporary, ...further, ...kept]), [...temporary, ...further]);
  assertEquals(ignored(rulesOf({}, { builtIn: false }), [...temporary, ...further]), []);
});

Deno.test("a built-in rule matches what its pattern matches in a .dfsignore, and can be taken back there", () => {
  for (const { pattern } of builtInRules) {
    const sample = pattern.replace(/^\\/, "").replaceAll("*", "x y").replaceAll("?", "p");
    for (const path of [sample, `sub/${sample}`]) {
      assertEquals(rulesOf({}).ignores(...split(path)), true, path);
      assertEquals(rulesOf({ "": pattern }, { builtIn: false }).ignores(...split(path)), true, path);
      assertEquals(rulesOf({ "": `!${pattern}` }).ignores(...split(path)), false, path);
    }
  }
});

Deno.test("IgnoreRules.explain() names the rule that decided, also over a folder above", () => {
  const rules = rulesOf({ "": "# first\n*.log\nbuild/", sub: "!a.log" }, { patterns: ["*.iso"] });
  const explain = (path: string) => rules.explain(...split(path));
  assertEquals(explain("x/b.log"), { rule: "*.log", source: ".dfsignore", line: 2 });
  assertEquals(explain("build/x/y.log"), { rule: "build/", source: ".dfsignore", line: 3 });
  assertEquals(explain("sub/a.log"), { rule: "!a.log", source: "sub/.dfsignore", line: 1 });
  assertEquals(explain("sub/x.iso"), { rule: "*.iso", source: "configuration", line: 1 });
  assertEquals(explain("x/a~"), {
    rule: "*~",
    source: "built in",
    line: builtInRules.findIndex((it) => it.pattern === "*~") + 1,
  });
  for (const rule of ["!#a", "!!a"]) {
    const found = rulesOf({ "": rule }).explain(rule.slice(1) as SafePath, false);
    assertEquals(found, { rule, source: ".dfsignore", line: 1 });
  }
  assertEquals([explain("a.txt"), rules.explain(rootPath, true)], [undefined, undefined]);
});

Deno.test("IgnoreRules.rulesFor() lists what binds in a folder, weakest first", () => {
  const rules = rulesOf({ "": "a", sub: "b\n!c" }, { patterns: ["d"] });
  const texts = (directory: string) => rules.rulesFor(directory as SafePath).map(({ text }) => text);
  assertEquals([texts("sub/x"), texts("")], [["d", "a", "b", "!c"], ["d", "a"]]);
});
