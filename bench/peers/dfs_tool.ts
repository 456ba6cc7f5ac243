import { fromFileUrl, join } from "@std/path";
import { bundleProgram } from "../../tools/bundle_program.ts";
import { engineFlags } from "../../tools/executables.ts";
import { type CommandLine, run, type Tool } from "./tool.ts";

/**
 * The program of this repository.
 *
 * @param options `bundle` is the folder to put the program into as a bundle, which starts faster than its sources;
 * without it the sources are run.
 * @returns The tool.
 */
export async function dfsTool(options: { readonly bundle?: string }): Promise<Tool> {
  const root = fromFileUrl(import.meta.resolve("../../"));
  const program = options.bundle === undefined ? join(root, "main.ts") : await bundleProgram(root, options.bundle);
  const dfs = (...args: string[]): CommandLine => ({
    program: Deno.execPath(),
    args: ["run", "--allow-all", "--no-check", "--unstable-net", engineFlags, program, ...args],
  });
  return {
    name: "dfs",
    description: `${(await run(dfs("version"))).trim()}, Deno ${Deno.version.deno}, ` +
      (options.bundle === undefined ? "from source" : "as a bundle"),
    serve: (folder, port) =>
      Promise.resolve({
        command: dfs("serve", "--port", `${port}`, "--data-dir", join(folder, "data")),
        push: (replica, at) => dfs("push", replica, "--remote", `http://127.0.0.1:${at}`),
        pull: (replica, at) => dfs("pull", replica, "--remote", `http://127.0.0.1:${at}`),
      }),
  };
}
