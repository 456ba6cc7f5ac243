import { fromFileUrl, join } from "@std/path";
import { type CommandLine, run, type Tool } from "./tool.ts";

/**
 * The program of this repository.
 *
 * @param options `bundle` is where to put the program as one file, which starts faster than its sources; without it
 * the sources are run.
 * @returns The tool.
 */
export async function dfsTool(options: { readonly bundle?: string }): Promise<Tool> {
  const source = fromFileUrl(import.meta.resolve("../../main.ts"));
  if (options.bundle !== undefined) {
    // Named, because otherwise the configuration of the current folder would count.
    const config = fromFileUrl(import.meta.resolve("../../deno.json"));
    const args = ["bundle", "--quiet", "--config", config, source, "-o", options.bundle];
    await run({ program: Deno.execPath(), args });
  }
  const program = options.bundle ?? source;
  const dfs = (...args: string[]): CommandLine => ({
    program: Deno.execPath(),
    args: ["run", "--allow-all", "--no-check", "--unstable-net", program, ...args],
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
