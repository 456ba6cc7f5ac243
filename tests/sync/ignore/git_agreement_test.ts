import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { IgnoreRules } from "../../../lib/sync/mod.ts";
import type { SafePath } from "../../../lib/core/mod.ts";
import { gitVerdicts, hasGit, type IgnoreScenario, type PathVerdict } from "./git_verdicts.ts";

const plainNames = ["a", "b", "ab", "abc", "a.b"];
const oddNames = ["#a", "!a", "a b", "a ", "[a]", "a*b", "a?"];
const pieces = ["\\*", "\\?", "\\[", "\\ ", " ", "\\\\", ".", "#", "!", "\\#", "\\!", "[]]", "[^b]", "[", "]", "{a}"];
const common = ["a", "a", "b", "b", "ab", "*", "*", "?", "[ab]", "[!a]", "[a-c]", "[[:alpha:]]", "\\a"];

const name = fc.constantFrom(...plainNames, ...plainNames, ...oddNames);
const segment = fc.array(fc.constantFrom(...common, ...common, ...pieces, "$", "+", "\t"), {
  minLength: 1,
  maxLength: 2,
});
const line = fc.tuple(
  fc.constantFrom("", "", "", "!", "#"),
  fc.constantFrom("", "", "/", "**/"),
  // Two stars are left alone in their segment: git takes them for folders behind plain letters as well (`a**/b`), and
  // its manual says otherwise.
  fc.array(fc.oneof({ arbitrary: segment.map((parts) => parts.join("")), weight: 5 }, fc.constant("**")), {
    minLength: 1,
    maxLength: 3,
  }),
  fc.constantFrom("", "", "/", "/**", "/*", " ", "\r"),
).map(([mark, head, segments, tail]) => mark + head + segments.join("/") + tail);
const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n"));
const folder = fc.array(name, { minLength: 1, maxLength: 2 }).map((names) => names.join("/"));
const path = fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "/"))
  .map(([names, slash]) => names.join("/") + slash);

const scenario: fc.Arbitrary<IgnoreScenario> = fc.tuple(
  text,
  fc.dictionary(folder, text, { maxKeys: 3 }),
  fc.array(path, { minLength: 1, maxLength: 8 }),
).map(([root, more, paths]) => {
  // No path may be a file and a folder at once.
  const folders = new Set([...paths, ...Object.keys(more).map((it) => `${it}/`)].flatMap((it) => {
    const names = it.split("/");
    return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
  }));
  const judged = paths.map((it) => it.replace(/\/$/, "")).map((it) => folders.has(it) ? `${it}/` : it);
  return { rules: { ...more, ".": root }, paths: [...new Set(judged)] };
});

function ownVerdicts({ rules, paths }: IgnoreScenario): PathVerdict[] {
  const judge = IgnoreRules.of({ builtIn: false, read: (directory) => rules[directory === "" ? "." : directory] });
  return paths.map((path) => {
    const [bare, isDirectory] = [path.replace(/\/$/, "") as SafePath, path.endsWith("/")];
    const found = judge.explain(bare, isDirectory);
    return {
      path,
      ignored: judge.ignores(bare, isDirectory),
      rule: found === undefined ? "" : `${found.source}:${found.line}`,
    };
  });
}

Deno.test({
  name: "IgnoreRules gives the verdicts of git check-ignore, by the same rules",
  ignore: !hasGit,
  async fn() {
    const seed = crypto.getRandomValues(new Int32Array(1))[0]!;
    const scenarios = fc.sample(scenario, { seed, numRuns: 250 });
    const directory = await Deno.makeTempDir();
    try {
      const verdicts = await gitVerdicts(directory, scenarios);
      for (const [index, one] of scenarios.entries()) {
        assertEquals(ownVerdicts(one), verdicts[index], `Seed ${seed}: ${JSON.stringify(one.rules)}`);
      }
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
