import { join } from "@std/path";
import { type CommandLine, run, type Tool } from "./tool.ts";

/** At its best rsync goes without Nagle's delay on either end. */
const ways = {
  "rsync": { sockets: "TCP_NODELAY", compress: false },
  "rsync -z": { sockets: "TCP_NODELAY", compress: true },
  "rsync as it comes": { sockets: undefined, compress: false },
} as const;

/** rsync with a daemon. */
export async function rsyncTool(name: keyof typeof ways): Promise<Tool> {
  const [version] = (await run({ program: "rsync", args: ["--version"] })).split("\n");
  const { sockets, compress } = ways[name];
  const more = [...(sockets === undefined ? [] : [`--sockopts=${sockets}`]), ...(compress ? ["--compress"] : [])];
  const flags = ["--archive", "--delete", ...more];
  const rsync = (from: string, to: string): CommandLine => ({ program: "rsync", args: [...flags, from, to] });
  const url = (port: number): string => `rsync://127.0.0.1:${port}/tree/`;
  return {
    name,
    description: `${version?.replace(/ +/g, " ")}, daemon, ${flags.join(" ")}`,
    async serve(folder, port) {
      const plainTree = join(folder, "tree");
      const config = join(folder, "rsyncd.conf");
      await Deno.mkdir(plainTree);
      await Deno.writeTextFile(config, daemonConfig(plainTree, port, sockets));
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
function daemonConfig(path: string, port: number, sockets: string | undefined): string {
  const identity = Deno.uid() === 0 ? ["uid = 0", "gid = 0"] : [];
  return [
    "address = 127.0.0.1",
    `port = ${port}`,
    ...(sockets === undefined ? [] : [`socket options = ${sockets}`]),
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
