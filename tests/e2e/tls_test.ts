import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { fromSource as dfs } from "../support/program.ts";
import { TempFolder } from "../support/temp_folder.ts";

const fixture = (name: string) => fromFileUrl(new URL(`../network/fixtures/${name}`, import.meta.url));
const certificate = ["--tls-cert", fixture("localhost_cert.pem")];
const key = ["--tls-key", fixture("localhost_key.pem")];
const trust = ["--ca-cert", fixture("localhost_cert.pem")];

Deno.test("dfs serve speaks TLS, and every command reaches it that is told to trust the certificate", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"), ["--host", "localhost", ...certificate, ...key]);
  assertMatch(server.url, /^https:\/\/localhost:\d+$/);
  const here = temp.folder("here", { "a.txt": "a" });
  const pushed = await dfs.run(["push", here, "--remote", server.url, ...trust]);
  assertEquals([pushed.code, pushed.stderr], [0, ""]);
  const commands = [["status", here], ["ls", "--dir", here], ["log", "a.txt", "--dir", here], [
    "events",
    "--dir",
    here,
  ]];
  for (const command of commands) {
    const { code, stderr } = await dfs.run([...command, ...trust]);
    assertEquals([command[0], code, stderr], [command[0], 0, ""]);
  }

  const stranger = await dfs.run(["pull", temp.folder("there"), "--remote", server.url]);
  assertEquals(stranger.code, 1);
  assertStringIncludes(stranger.stderr, "is not trusted");
  assertStringIncludes(stranger.stderr, "--ca-cert");
});

Deno.test("every command finds its server by the environment, and by the folder's configuration", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"), ["--host", "localhost", ...certificate, ...key]);
  const here = temp.folder("here", { "a.txt": "a" });
  const env = { DFS_REMOTE: server.url, DFS_SPACE: "work", DFS_CA_CERT: fixture("localhost_cert.pem") };
  const pushed = await dfs.run(["push", here], { env });
  assertEquals([pushed.code, pushed.stderr], [0, ""]);
  await Deno.writeTextFile(`${here}/.dfs/config.yaml`, "ca_cert: own.pem\n", { append: true });
  await Deno.copyFile(fixture("localhost_cert.pem"), `${here}/own.pem`);
  const asking = [
    ["ls"],
    ["log", "a.txt"],
    ["cat", "a.txt"],
    ["diff", "a.txt@1"],
    ["restore", "a.txt", "--version", "1", "--dry-run"],
    ["events"],
    ["conflicts"],
    ["meta", "get", "a.txt"],
    ["meta", "list"],
    ["meta", "history", "a.txt"],
    ["meta", "export", "--form", "ddl"],
    ["retention"],
    ["gc", "--dry-run"],
    ["verify", "--server"],
  ];
  for (const command of asking) {
    const away = await dfs.run(command, { cwd: temp.path, env });
    assertEquals([command, away.code, away.stderr], [command, 0, ""]);
    const inside = await dfs.run(command, { cwd: here });
    assertEquals([command, inside.code, inside.stderr], [command, 0, ""]);
    assertEquals(inside.stdout, away.stdout);
  }
});

Deno.test("dfs serve says what is wrong with a certificate, and makes no data folder for it", async () => {
  await using temp = await TempFolder.make();
  const serve = (...args: string[]) => dfs.run(["serve", "--port", "0", "--data-dir", `${temp.path}/data`, ...args]);
  const [alone, missing, swapped] = await Promise.all([
    serve(...certificate),
    serve(...certificate, "--tls-key", `${temp.path}/none.pem`),
    serve("--tls-cert", key[1]!, "--tls-key", certificate[1]!),
  ]);
  assertEquals([alone.code, missing.code, swapped.code], [2, 1, 2]);
  assertStringIncludes(alone.stderr, "--tls-key");
  assertStringIncludes(missing.stderr, "none.pem");
  assertStringIncludes(swapped.stderr, "are not a certificate and its key");
  assertEquals([...Deno.readDirSync(temp.path)], []);
});
