import { assertEquals } from "@std/assert";
import { ignoreFileName } from "../../../lib/sync/mod.ts";

/** A tree to be judged: rule files by folder, and paths; those with a slash at their end are folders. */
export interface IgnoreScenario {
  /** Texts of rule files by the folder they lie in. */
  readonly rules: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

/** What a judge says of one path. */
export interface PathVerdict {
  readonly path: string;
  readonly ignored: boolean;
  /** The rule that decided, as `file:line`; empty if none matched. */
  readonly rule: string;
}

/** Whether git is here to be asked. */
export const hasGit: boolean = (() => {
  try {
    return new Deno.Command("git", { args: ["--version"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

/**
 * Asks `git check-ignore` for its verdicts.
 *
 * @param directory An empty folder to work in.
 */
export async function gitVerdicts(directory: string, scenarios: readonly IgnoreScenario[]): Promise<PathVerdict[][]> {
  await git(directory, ["init", "-q"]);
  const asked: string[] = [];
  for (const [index, { rules, paths }] of scenarios.entries()) {
    for (const path of paths) {
      const full = `${index}/${path}`;
      await Deno.mkdir(`${directory}/${full.slice(0, full.lastIndexOf("/"))}`, { recursive: true });
      if (!full.endsWith("/")) await Deno.writeTextFile(`${directory}/${full}`, "");
      asked.push(full.replace(/\/$/, ""));
    }
    for (const [folder, text] of Object.entries(rules)) {
      await Deno.mkdir(`${directory}/${index}/${folder}`, { recursive: true });
      await Deno.writeTextFile(`${directory}/${index}/${folder}/.gitignore`, text);
    }
  }
  const args = ["check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"];
  const fields = (await git(directory, args, asked.map((path) => `${path}\0`).join(""))).split("\0").slice(0, -1);
  assertEquals(fields.length, asked.length * 4, "git answered something else");
  let next = 0;
  return scenarios.map(({ paths }, index) =>
    paths.map((path) => {
      const [source, line, pattern] = fields.slice(next, next += 4);
      const file = source!.replace(`${index}/`, "").replace(/\.gitignore$/, ignoreFileName);
      return {
        path,
        ignored: pattern !== "" && !pattern!.startsWith("!"),
        rule: source === "" ? "" : `${file}:${line}`,
      };
    })
  );
}

async function git(directory: string, args: readonly string[], input = ""): Promise<string> {
  const env = { HOME: directory, XDG_CONFIG_HOME: directory, GIT_CONFIG_NOSYSTEM: "1", GIT_CEILING_DIRECTORIES: "/" };
  const command = new Deno.Command("git", { args: [...args], cwd: directory, env, stdin: "piped", stdout: "piped" });
  await using process = command.spawn();
  const writer = process.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(input)).then(() => writer.close());
  const [output] = await Promise.all([process.output(), written]);
  return new TextDecoder().decode(output.stdout);
}
