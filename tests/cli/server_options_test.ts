import { assertEquals, assertObjectMatch } from "@std/assert";
import { parseInvocation } from "../../cli/command.ts";
import { commands } from "../../cli/commands.ts";
import { serverOf } from "../../cli/server_options.ts";
import { ls } from "../../cli/ls.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("every command that takes the address of a server takes what it needs to reach it, too", async () => {
  for (const { name, load } of commands) {
    const { options } = await load();
    if (!("remote" in options)) continue;
    const missing = ["ca-cert", "retries"].filter((option) => !(option in options));
    assertEquals([name, missing], [name, []]);
  }
});

Deno.test("serverOf() takes an option before the environment before the folder's configuration", async () => {
  const config = "remote: http://file:1\nspace: file\nca_cert: own.pem\ntimeout: 5s\nretries: 7\nlimit_down: 1MB\n";
  await using temp = await TempFolder.make({ "w/.dfs/config.yaml": config });
  const folder = `${temp.path}/w`;
  const serverAs = (...args: string[]) => ({ ...serverOf(parseInvocation(ls, ["--dir", folder, ...args])) });
  const inFile = { remote: "http://file:1", space: "file", caCert: `${folder}/own.pem`, timeoutMs: 5000, retries: 7 };
  assertObjectMatch(serverAs(), { ...inFile, folder, limitDown: 1_000_000 });
  using _ = environment({ DFS_REMOTE: "http://env:1", DFS_TIMEOUT: "6s", DFS_CA_CERT: "env.pem" });
  assertObjectMatch(serverAs(), { remote: "http://env:1", space: "file", caCert: "env.pem", timeoutMs: 6000 });
  assertObjectMatch(serverAs("--remote", "http://option:1", "--retries", "0", "--timeout", "8s"), {
    remote: "http://option:1",
    retries: 0,
    timeoutMs: 8000,
    caCert: "env.pem",
  });
});

/** Sets variables of the environment until it is disposed of. */
function environment(variables: Readonly<Record<string, string>>): Disposable {
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  return {
    [Symbol.dispose]: () => {
      for (const name of Object.keys(variables)) Deno.env.delete(name);
    },
  };
}
