/**
 * Puts `dfs` on the PATH of this user: `deno task install`. What is installed is a bundle in `dist/program/`, as an
 * installed module cannot use the links of `deno.json`.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { bundleProgram } from "./bundle_program.ts";
import { engineFlags } from "./executables.ts";

const root = fromFileUrl(new URL("..", import.meta.url));
const program = await bundleProgram(root, `${root}dist/program`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    "install",
    "--global",
    "--force",
    "--quiet",
    "--allow-all",
    "--unstable-net",
    engineFlags,
    "--name",
    "dfs",
    program,
  ],
  stdin: "null",
}).output();
if (code === 0) console.log("Installed dfs. Try: dfs help");
Deno.exit(code);
