import { assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import {
  checkConflictRules,
  type ConflictRules,
  conflictRulesBytesMax,
  formatConflictRules,
  joinConflictRules,
  patternProblem,
  readConflictRules,
} from "../../lib/metadata/mod.ts";

const rules: ConflictRules = {
  rules: [{ pattern: "*.md", policy: "merge" }, { pattern: "/docs/**", policy: "keep-both" }],
  default: "manual",
};

Deno.test("readConflictRules() reads what JSON makes of rules", () => {
  for (const one of [rules, { rules: [] }, { rules: [], default: "merge" }] as const) {
    assertEquals(readConflictRules(JSON.parse(JSON.stringify(one))), { ok: true, value: one });
  }
  assertEquals(readConflictRules({ rules: [], default: null }), { ok: true, value: { rules: [] } });
});

Deno.test("readConflictRules() says what is wrong", () => {
  const wrong: readonly (readonly [data: unknown, text: string])[] = [
    [null, "an object with rules, a list, and default"],
    [[], "an object with rules, a list, and default"],
    [{ rules: {} }, "an object with rules, a list, and default"],
    [{ rules: [1] }, "A rule has a pattern and a policy, got 1"],
    [{ rules: [{ policy: "merge" }] }, 'A rule has a pattern and a policy, got {"policy":"merge"}'],
    [{ rules: [{ pattern: "*" }] }, 'There is no policy nothing for "*"'],
    [{ rules: [{ pattern: "*", policy: "theirs" }] }, 'There is no policy "theirs" for "*": there are last-write-wins'],
    [{ rules: [], default: "ours" }, 'There is no policy "ours" for the default'],
    [{ rules: [], fallback: "merge" }, 'There is no member "fallback"'],
  ];
  for (const [data, text] of wrong) {
    const read = readConflictRules(data);
    assertEquals([read.ok, !read.ok && read.error.includes(text)], [false, true], JSON.stringify([data, read]));
  }
});

Deno.test("readConflictRules() takes a policy that there is not for another, if it is told so", () => {
  const data = { rules: [{ pattern: "*", policy: "ask" }], default: "newest", more: 1 };
  const value = { rules: [{ pattern: "*", policy: "manual" }], default: "manual" };
  assertEquals(readConflictRules(data, "manual"), { ok: true, value } as never);
});

Deno.test("patternProblem() finds patterns that no path can match", () => {
  for (
    const pattern of ["*", "*.md", "/a", "a/b", "docs/**", "**/x", "?", "a b", "[x]", ".dotfile", "...", "ü", "=,"]
  ) {
    assertEquals(patternProblem(pattern), undefined, pattern);
  }
  for (const pattern of ["", "/", "docs/", "a//b", "//a", "./a", "../a", "a/..", "a\\b", "a\0", "\ud800"]) {
    assertEquals(typeof patternProblem(pattern), "string", JSON.stringify(pattern));
  }
});

Deno.test("checkConflictRules() refuses what matches nothing, and more than a head can carry", () => {
  checkConflictRules(rules);
  const refused = (wrong: ConflictRules, text: string): void => {
    assertEquals(assertThrows(() => checkConflictRules(wrong), Failure, text).kind, "usage");
  };
  refused({ rules: [{ pattern: "docs/", policy: "merge" }] }, '"docs/" is no pattern: no path ends with a slash');
  const bytes = (pattern: string): number => JSON.stringify({ rules: [{ pattern, policy: "merge" }] }).length;
  const longest = "x".repeat(conflictRulesBytesMax - bytes(""));
  checkConflictRules({ rules: [{ pattern: longest, policy: "merge" }] });
  refused({ rules: [{ pattern: `${longest}x`, policy: "merge" }] }, "at most 1024 may be");
});

Deno.test("formatConflictRules() writes rules as options do", () => {
  assertEquals(formatConflictRules(rules), "*.md=merge,/docs/**=keep-both,manual");
  assertEquals(formatConflictRules({ rules: [] }), "");
});

Deno.test("joinConflictRules() puts patterns before defaults, and what is stronger first", () => {
  const own: ConflictRules = { rules: [{ pattern: "*.md", policy: "manual" }], default: "keep-both" };
  assertEquals(joinConflictRules(own, rules), { rules: [...own.rules, ...rules.rules], default: "keep-both" });
  assertEquals(joinConflictRules({ rules: [] }, rules), rules);
  assertEquals(joinConflictRules({ rules: [] }, { rules: [] }), { rules: [] });
});
