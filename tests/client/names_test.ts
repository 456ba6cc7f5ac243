import { assert, assertEquals } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

const oddNames = [
  "new\nline",
  "tab\there",
  "\u{1f600} emoji",
  "trailing dot.",
  "trailing space ",
  " leading space",
  "-dash",
  "--force",
  "CON",
  "aux.txt",
  "a:b",
  'quote"<>|?*',
  "%2e%2e",
  "percent%",
  "..hidden",
  "...",
  ".dfsx",
  "dfs",
  "\u00e9 composed",
  "e\u0301 composed",
  "\u202e right to left",
  "\ufeffbom",
  "\u0001control",
  "#?&=",
  "a".repeat(255),
  "\u{1f600}".repeat(63),
];

Deno.test("push() and pull() carry names of every kind, of files, folders and links", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url);
  await using b = await Replica.make(server.url);
  for (const name of oddNames) {
    Deno.mkdirSync(a.at(`folders/${name}`), { recursive: true });
    Deno.writeTextFileSync(a.at(`folders/${name}/${name}`), `file ${name}`);
    Deno.symlinkSync(name, a.at(`folders/${name}/link`));
  }
  const pushed = await a.push();
  assertEquals(pushed.problems, []);
  assert((await b.pull()).synchronized);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals((await a.push()).changes, []);
});

Deno.test("push() reports names that cannot be stored, and carries the rest", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, {
    "fine": "1",
    "back\\slash": "2",
    "sub/.DFS": "3",
    "sub/.dfs-staged-x": "4",
  });
  const make = new Deno.Command("sh", { args: ["-c", `: > "$(printf 'a\\377b')"`], cwd: a.path });
  assert((await make.output()).success);
  const report = await a.push();
  assertEquals(report.problems.map(({ path }) => path).sort(), ["a\ufffdb", "back\\slash", "sub/.DFS"]);
  assertEquals(report.changes.map(({ path }) => path), ["fine", "sub"]);
});

Deno.test("push() never takes state of dfs along, in no folder", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, {
    "f": "1",
    "inner/.dfs/config.yaml": "remote: http://evil",
    "inner/g": "2",
  });
  const report = await a.push();
  assertEquals(report.changes.map(({ path }) => path), ["f", "inner", "inner/g"]);
});

Deno.test("push() and pull() tell names apart that differ in case or in how they are composed", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "Readme": "1", "README": "2", "caf\u00e9": "3", "cafe\u0301": "4" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  assertEquals(b.tree(), a.tree());
  assertEquals(Object.keys(b.tree()).length, 4);
});

Deno.test("push() and pull() carry a rename that changes only the case, of a file and of nested folders", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "readme.md": "1", "src/lib/file": "2" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  Deno.renameSync(a.at("readme.md"), a.at("README.md"));
  Deno.renameSync(a.at("src/lib"), a.at("src/Lib"));
  Deno.renameSync(a.at("src"), a.at("Src"));
  assertEquals((await a.push()).sentBytes, 0);
  assertEquals((await b.pull()).fetchedBytes, 0);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("push() and pull() carry deep paths", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url);
  await using b = await Replica.make(server.url);
  const deep = Array.from({ length: 300 }, () => "ten-bytes-").join("/");
  Deno.mkdirSync(a.at(deep), { recursive: true });
  Deno.writeTextFileSync(a.at(`${deep}/bottom`), "here");
  await a.push();
  assert((await b.pull()).synchronized);
  assertEquals(Deno.readTextFileSync(b.at(`${deep}/bottom`)), "here");
});

Deno.test("push() reports a path that is longer than the platform takes, and carries the rest", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "1" });
  const script = `i=0; while [ $i -lt 20 ]; do mkdir ${"d".repeat(250)} && cd ${
    "d".repeat(250)
  }; i=$((i+1)); done; : > bottom`;
  await new Deno.Command("sh", { args: ["-c", script], cwd: a.path }).output();
  const report = await a.push();
  assertEquals(report.problems.length, 1);
  assert(report.changes.some(({ path }) => path === "f"));
  // The platform takes relative paths only.
  await new Deno.Command("rm", { args: ["-rf", "d".repeat(250)], cwd: a.path }).output();
});

Deno.test("push() and pull() carry empty files, empty folders and files with holes", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "empty": "", "again": "" });
  await using b = await Replica.make(server.url);
  Deno.mkdirSync(a.at("hollow/inside"), { recursive: true });
  {
    using sparse = Deno.openSync(a.at("sparse"), { create: true, write: true });
    sparse.seekSync(5_000_000, Deno.SeekMode.Start);
    sparse.writeSync(new TextEncoder().encode("end"));
    sparse.truncateSync(9_000_000);
  }
  const report = await a.push();
  // Zeros are cut into equal chunks, and one of each is sent.
  assert(report.sentBytes < 1_000_000, `${report.sentBytes} bytes were sent`);
  const pulled = await b.pull();
  assert(pulled.synchronized && pulled.fetchedBytes < 1_000_000);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});
