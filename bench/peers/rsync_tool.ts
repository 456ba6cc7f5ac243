import { join } from "@std/path";
import { type CommandLine, run, type Tool } from "./tool.ts";

/**
 * rsync with a daemon, at its best: without Nagle's delay on either end.
 *
 * @param options `compress` adds `-z`.
 * @returns The tool.
 */
export async function rsyncTool(options: { readonly compress: boolean }): Promise<Tool> {
  const [version] = (await run({ program: "rsync", args: ["--version"] })).split("\n");
  const flags = ["--archive", "--delete", "--sockopts=TCP_NODELAY", ...(options.compress ? ["--compress"] : [])];
  const rsync = (from: string, to: string): CommandLine => ({ program: "rsync", args: [...flags, from, to] });
  const url = (port: number): string => `rsync://127.0.0.1:${port}/tree/`;
  return {
    name: options.compress ? "rsync -z" : "rsync",
    description: `${version?.replace(/ +/g, " ")}, daemon, ${flags.join(" ")}`,
    async serve(folder, port) {
      const plainTree = join(folder, "tree");
      const config = join(folder, "rsyncd.conf");
      await Deno.mkdir(plainTree);
      await Deno.writeTextFile(config, daemonConfig(plainTree, port));
      return {
        command: { program: "rsync", args: ["--daemon", "--no-detach", `--config=${config}`] },
        plainTree,
        push: (replica, at) => rsync(`${replica}/`, url(at)),
        pull: (replica, at) => rsync(url(at), `${replica}/`),
      };
    },
  };
}

/** A daemon that serves one folder to this machine, as whoever runs it, with symlinks as they are. */
function daemonConfig(path: string, port: number): string {
  const identity = Deno.uid() === 0 ? ["uid = 0", "gid = 0"] : [];
  return [
    "address = 127.0.0.1",
    `port = ${port}`,
    "socket options = TCP_NODELAY",
    "use chroot = no",
    "munge symlinks = no",
    ...identity,
    "log file = /dev/null",
    "[tree]",
    `path = ${path}`,
    "read only = no",
    "",
  ].join("\n");
}
