import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromSource as dfs, type Outcome } from "../support/program.ts";
import { readTree, TempFolder } from "../support/temp_folder.ts";

/** Checks that a run failed as it should: with this exit code, and words for people. */
function assertFailed(outcome: Outcome, code: number, message: string): void {
  assertEquals([outcome.code, outcome.stdout], [code, ""], outcome.stderr);
  assertStringIncludes(outcome.stderr, message);
  assertMatch(outcome.stderr, /^dfs: ([A-Z"]|--|dfs )/);
  assertEquals(/^\s+at /m.test(outcome.stderr), false, `A stack trace is for programmers: ${outcome.stderr}`);
}

/** An address on this machine where nobody listens. */
function deadAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${listener.addr.port}`;
}

const wrongUses: readonly (readonly [args: readonly string[], message: string])[] = [
  [["puhs"], "Did you mean dfs push?"],
  [["push", "--dry-rum"], "Did you mean --dry-run?"],
  [["push", "a", "b"], '"b" is one argument too many'],
  [["push", "--remote"], "--remote needs a value"],
  [["push", ".", "--remote", "example.org"], '"example.org" is not the address of a server'],
  [["push", ".", "--remote", "ftp://example.org"], '"ftp://example.org" is not the address of a server'],
  [["push"], "Name it once: --remote http://HOST:PORT"],
  [["serve", "--port", "65536"], '--port needs a whole number from 0 to 65535, got "65536"'],
  [["serve", "--server", "fastest"], 'There is no server "fastest"'],
  [["restore", "a"], "Add either --version N or --at TIME"],
  [["help", "nothing"], 'There is no command "nothing"'],
];

Deno.test("wrong use ends with exit code 2, and says what is wrong with it", async () => {
  await using temp = await TempFolder.make();
  const outcomes = await Promise.all(wrongUses.map(([args]) => dfs.run(args, { cwd: temp.path })));
  for (const [index, outcome] of outcomes.entries()) assertFailed(outcome, 2, wrongUses[index]![1]);
  assertEquals([...Deno.readDirSync(temp.path)], []);
});

Deno.test("a missing folder, and a file where a folder is expected, are named", async () => {
  await using temp = await TempFolder.make({ "file": "x" });
  const remote = ["--remote", deadAddress()];
  for (const command of ["push", "pull", "status"]) {
    const dryRun = command === "pull" ? ["--dry-run"] : [];
    const missing = await dfs.run([command, `${temp.path}/missing`, ...remote, ...dryRun]);
    assertFailed(missing, 1, `There is no folder "${temp.path}/missing"`);
    const file = await dfs.run([command, `${temp.path}/file`, ...remote]);
    assertFailed(file, 2, `"${temp.path}/file" is a file where a folder is expected`);
  }
});

Deno.test("dfs pull makes its folder, in one that there is, and takes it away if there is no server", async () => {
  await using temp = await TempFolder.make();
  const remote = ["--remote", deadAddress()];
  assertFailed(await dfs.run(["pull", `${temp.path}/new`, ...remote]), 1, "No server answers");
  assertFailed(await dfs.run(["pull", `${temp.path}/no/where`, ...remote]), 1, "Cannot make the folder");
  assertFailed(await dfs.run(["push", `${temp.path}/new`, ...remote]), 1, "There is no folder");
  assertEquals([...Deno.readDirSync(temp.path)], []);
});

Deno.test("no server at the address is said so at once", async () => {
  await using temp = await TempFolder.make({ "a.txt": "1" });
  const address = deadAddress();
  for (const command of ["push", "pull", "status", "ls"]) {
    const outcome = await dfs.run([command, "--remote", address], { cwd: temp.path });
    assertFailed(outcome, 1, `No server answers at ${address}`);
  }
  assertEquals(readTree(temp.path), { "a.txt": "1" });
});

const strangers: Readonly<Record<string, () => Response>> = {
  "a page for every path": () => new Response("<h1>Hello</h1>", { headers: { "Content-Type": "text/html" } }),
  "not found for every path": () => new Response("Not Found", { status: 404 }),
  "JSON that means something else": () => Response.json({ ok: true }),
  "JSON that means something else, with status 404": () => Response.json({ error: "no" }, { status: 404 }),
  "an error without words": () => new Response(null, { status: 500 }),
};

for (const [name, respond] of Object.entries(strangers)) {
  Deno.test(`a server that is not dfs is said so: ${name}`, async () => {
    await using temp = await TempFolder.make({ "a.txt": "1" });
    await using stranger = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, respond);
    const address = `http://127.0.0.1:${stranger.addr.port}`;
    const args = ["--remote", address];
    const runs = [["push"], ["pull"], ["status"], ["ls"], ["log", "a.txt"]];
    const outcomes = await Promise.all(runs.map(async ([command = "", ...operands]) => {
      // Each in a folder of its own: two at work in the same one keep each other out.
      return await dfs.run([command, ...operands, ...args], { cwd: temp.folder(command) });
    }));
    for (const outcome of outcomes) {
      assertFailed(outcome, 1, "is not a dfs server");
      assertStringIncludes(outcome.stderr, address);
    }
  });
}

Deno.test("something that does not speak HTTP is said not to be dfs", async () => {
  await using temp = await TempFolder.make({ "a.txt": "1" });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const greeter = (async () => {
    for await (const connection of listener) {
      await connection.write(new TextEncoder().encode("220 mail.example ESMTP\r\n"));
      await connection.read(new Uint8Array(4096));
      connection.close();
    }
  })();
  const address = `http://127.0.0.1:${listener.addr.port}`;
  assertFailed(await dfs.run(["push", temp.path, "--remote", address]), 1, "is not a dfs server");
  listener.close();
  await greeter;
});

Deno.test("dfs serve says that a port or a data folder is in use, and what to do", async () => {
  await using temp = await TempFolder.make();
  const data = temp.folder("data");
  await using server = await dfs.serve(data);
  const { port } = new URL(server.url);
  const taken = await dfs.run(["serve", "--port", port, "--data-dir", `${temp.path}/other`]);
  assertFailed(taken, 1, `Port ${port} on 127.0.0.1 is in use`);
  const shared = await dfs.run(["serve", "--port", "0", "--data-dir", data]);
  assertFailed(shared, 1, `The data folder "${data}" is in use by another server`);
  assertEquals((await fetch(`${server.url}/api/spaces/default`).then((response) => response.json())).revision, 0);
});

Deno.test("dfs serve touches no data folder that is not its own", async () => {
  await using temp = await TempFolder.make({
    "foreign/letter.txt": "Dear",
    "newer/dfs-server.json": '{ "program": "dfs", "layout": 1000 }\n',
    "broken/dfs-server.json": "{",
    "file": "x",
  });
  const before = readTree(temp.path);
  const cases = [
    ["foreign", 1, "is not empty and is not the data folder of a dfs server"],
    ["newer", 1, "has layout 1000, this dfs reads up to"],
    ["broken", 1, "is not what a dfs server wrote"],
    ["file", 2, "is a file where the data folder is expected"],
    ["file/below", 2, "is a file where the data folder is expected"],
  ] as const;
  for (const [name, code, message] of cases) {
    const outcome = await dfs.run(["serve", "--port", "0", "--data-dir", `${temp.path}/${name}`]);
    assertFailed(outcome, code, message);
  }
  assertEquals(readTree(temp.path), before);
});

Deno.test("dfs pull of a space that does not exist, ls and log of a path that does not, are said so", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(temp.folder("data"));
  const cwd = temp.folder("here");
  const run = (...args: string[]): Promise<Outcome> => dfs.run([...args, "--remote", server.url], { cwd });
  assertFailed(await run("pull", "--space", "nowhere"), 1, 'has no space "nowhere"');
  assertFailed(await run("push", "--space", "no/where"), 2, "Not a name for a space");
  assertFailed(await run("ls", "nothing"), 1, 'There is no folder "nothing" in the space "default"');
  assertFailed(await run("ls", "--space", "nowhere"), 1, 'There is no space "nowhere"');
  assertFailed(await run("log", "nothing"), 1, 'There never was a "nothing"');
  assertFailed(await run("ls", "../up"), 2, 'The name ".." in "../up"');
});

Deno.test({
  name: "names that cannot be stored are told one by one, and everything else is pushed",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using temp = await TempFolder.make();
    await using server = await dfs.serve(temp.folder("data"));
    const here = temp.folder("here", { "good.txt": "1", "back\\slash.txt": "2" });
    const pushed = await dfs.run(["push", here, "--remote", server.url]);
    assertEquals(pushed.code, 1);
    assertMatch(pushed.stderr, /^dfs: back\\slash\.txt: .*backslash.*\n$/i);
    const there = temp.folder("there");
    assertEquals((await dfs.run(["pull", there, "--remote", server.url])).code, 0);
    assertEquals(readTree(there), { "good.txt": "1" });
    assertEquals(Object.keys(readTree(here)).length, 2);
  },
});

Deno.test({
  name: "a file and a folder that cannot be read are told, and never taken for deleted",
  // Nothing is unreadable for root.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  async fn() {
    await using temp = await TempFolder.make();
    await using server = await dfs.serve(temp.folder("data"));
    const here = temp.folder("here", { "a.txt": "1", "shut.txt": "2", "closed/b.txt": "3" });
    await dfs.run(["push", here, "--remote", server.url]);
    temp.write({ "here/a.txt": "changed", "here/shut.txt": "changed too" });
    Deno.chmodSync(`${here}/shut.txt`, 0);
    Deno.chmodSync(`${here}/closed`, 0);
    const pushed = await dfs.run(["push", here]);
    Deno.chmodSync(`${here}/closed`, 0o755);
    assertEquals(pushed.code, 1);
    for (const path of ["shut.txt", "closed"]) assertStringIncludes(pushed.stderr, `dfs: ${path}: `);
    const there = temp.folder("there");
    assertEquals((await dfs.run(["pull", there, "--remote", server.url])).code, 0);
    assertEquals(readTree(there), { "a.txt": "changed", "closed/": "", "closed/b.txt": "3", "shut.txt": "2" });
  },
});
