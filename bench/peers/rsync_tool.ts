import { join } from "@std/path";
import { type CommandLine, run, type Tool } from "./tool.ts";

/** What rsync is told beside what to copy: at its best it goes without Nagle's delay on either end. */
const ways = {
  "rsync": ["--sockopts=TCP_NODELAY"],
  "rsync -z": ["--sockopts=TCP_NODELAY", "--compress"],
  "rsync as it comes": [],
} as const;

/** rsync with a daemon. */
export async function rsyncTool(name: keyof typeof ways): Promise<Tool> {
  const [version] = (await run({ program: "rsync", args: ["--version"] })).split("\n");
  const flags = ["--archive", "--delete", ...ways[name]];
  const daemonLines = ways[name].length === 0 ? [] : ["socket options = TCP_NODELAY"];
  const rsync = (from: string, to: string): CommandLine => ({ program: "rsync", args: [...flags, from, to] });
  const url = (port: number): string => `rsync://127.0.0.1:${port}/tree/`;
  return {
    name,
    description: `${version?.replace(/ +/g, " ")}, daemon, ${flags.join(" ")}`,
    async serve(folder, port) {
      const plainTree = join(folder, "tree");
      const config = join(folder, "rsyncd.conf");
      await Deno.mkdir(plainTree);
      await Deno.writeTextFile(config, daemonConfig(plainTree, port, daemonLines));
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
function daemonConfig(path: string, port: number, more: readonly string[]): string {
  const identity = Deno.uid() === 0 ? ["uid = 0", "gid = 0"] : [];
  return [
    "address = 127.0.0.1",
    `port = ${port}`,
    ...more,
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
