import { assertEquals } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

/** Long ago, so that nothing counts as changed just now. */
const longAgo = new Date("2020-01-01T00:00:00Z");

/** Two replicas of the same files, all of them old. */
async function pair(url: string, files: Readonly<Record<string, string>>): Promise<AsyncDisposable & Pair> {
  const stack = new AsyncDisposableStack();
  const a = stack.use(await Replica.make(url, files));
  for (const path of Object.keys(files)) Deno.utimeSync(a.at(path), longAgo, longAgo);
  await a.push();
  const b = stack.use(await Replica.make(url));
  await b.pull();
  return { a, b, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

interface Pair {
  readonly a: Replica;
  readonly b: Replica;
}

function inode(replica: Replica, path: string): number | null {
  return Deno.lstatSync(replica.at(path)).ino;
}

Deno.test("pull() moves files that only have another place, instead of writing them anew", async () => {
  await using server = await startServer();
  await using replicas = await pair(server.url, { "one/x": "x", "one/deep/y": "y", "stays": "s", "z": "z" });
  const { a, b } = replicas;
  const before = { x: inode(b, "one/x"), y: inode(b, "one/deep/y"), z: inode(b, "z") };
  Deno.renameSync(a.at("one"), a.at("two"));
  Deno.renameSync(a.at("z"), a.at("two/deep/z"));
  await a.push();
  const { fetchedBytes, synchronized } = await b.pull();
  assertEquals({ x: inode(b, "two/x"), y: inode(b, "two/deep/y"), z: inode(b, "two/deep/z") }, before);
  assertEquals([fetchedBytes, synchronized], [0, true]);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("pull() moves one file, and copies it to all other places where it is to be", async () => {
  await using server = await startServer();
  await using replicas = await pair(server.url, { "x": "same", "same": "same" });
  const { a, b } = replicas;
  const inodes = [inode(b, "x"), inode(b, "same")];
  for (const copy of ["p", "q", "r"]) {
    Deno.copyFileSync(a.at("x"), a.at(copy));
    Deno.utimeSync(a.at(copy), longAgo, longAgo);
  }
  Deno.removeSync(a.at("x"));
  Deno.removeSync(a.at("same"));
  await a.push();
  assertEquals((await b.pull()).synchronized, true);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals(["p", "q", "r"].filter((path) => inodes.includes(inode(b, path)!)).length, 2);
});

Deno.test("pull() writes a file anew that has another place and other permissions", async () => {
  await using server = await startServer();
  await using replicas = await pair(server.url, { "x": "x" });
  const { a, b } = replicas;
  // Another name of the same file, outside: it must stay as it is.
  Deno.linkSync(b.at("x"), `${b.path}-linked`);
  Deno.renameSync(a.at("x"), a.at("y"));
  Deno.chmodSync(a.at("y"), 0o755);
  await a.push();
  await b.pull({ force: true });
  const { mode } = Deno.statSync(`${b.path}-linked`);
  Deno.removeSync(`${b.path}-linked`);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals(mode! & 0o777, 0o644);
});

Deno.test("pull() moves a file into the place of another, and what took its place the other way", async () => {
  await using server = await startServer();
  await using replicas = await pair(server.url, { "x": "x", "y": "y", "z": "z" });
  const { a, b } = replicas;
  Deno.renameSync(a.at("x"), a.at("x-away"));
  Deno.renameSync(a.at("y"), a.at("x"));
  Deno.renameSync(a.at("z"), a.at("y"));
  await a.push();
  assertEquals((await b.pull()).synchronized, true);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});
