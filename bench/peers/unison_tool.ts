import { join } from "@std/path";
import { run, type Tool } from "./tool.ts";

/**
 * unison over a socket, each side with archives of its own. Pushing and pulling are one command.
 *
 * @param archives A folder for the archives of the client side.
 * @returns The tool.
 */
export async function unisonTool(archives: string): Promise<Tool> {
  const version = (await run({ program: "unison", args: ["-version"] })).trim();
  const flags = ["-ui", "text", "-batch", "-auto", "-times", "-silent", "-confirmbigdel=false", "-fastcheck", "true"];
  await Deno.mkdir(archives, { recursive: true });
  return {
    name: "unison",
    description: `${version}, socket, ${flags.join(" ")}`,
    async serve(folder, port) {
      const plainTree = join(folder, "tree");
      const serverArchives = join(folder, "archives");
      await Deno.mkdir(plainTree);
      await Deno.mkdir(serverArchives);
      const sync = (replica: string, at: number) => ({
        program: "unison",
        args: [replica, `socket://127.0.0.1:${at}/${plainTree}`, ...flags],
        env: { UNISON: archives },
      });
      return {
        command: {
          program: "unison",
          args: ["-socket", `${port}`, "-listen", "127.0.0.1"],
          env: { UNISON: serverArchives },
        },
        plainTree,
        push: sync,
        pull: sync,
      };
    },
  };
}
