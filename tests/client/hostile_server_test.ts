import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure, type Hash, sha256 } from "../../lib/core/mod.ts";
import { encodeRecords, metadataType } from "../../lib/metadata/binary/mod.ts";
import type { Entry } from "../../lib/metadata/mod.ts";
import { contentOf, directory, file, symlink } from "../metadata/store/fixtures.ts";
import { frameOf } from "../storage/fixtures.ts";
import { Replica, retryNever } from "../support/replica.ts";
import { recordsOf, rootOf, type Script, scriptedServer } from "../support/scripted_server.ts";
import { TempFolder } from "../support/temp_folder.ts";

const evil = new TextEncoder().encode("evil");
const evilFile = file("evil");
const evilFrames = () => ReadableStream.from([frameOf([evil])]);

/** Pulls from a server that lies, into a folder beside which lies another; both must stay as they are. */
async function pullFrom(script: Script): Promise<Failure> {
  await using temp = await TempFolder.make({ "outside/kept": "mine" });
  await using server = await scriptedServer(script);
  await using replica = await Replica.make(server.url);
  Deno.symlinkSync(temp.path, replica.at("own-link"));
  const failure = await assertRejects(
    () => replica.pull({ retry: retryNever, force: true, metadataBytesMax: 1_000_000 }),
    Failure,
  );
  assertEquals(replica.tree(), { "own-link": `-> ${temp.path}` });
  assertEquals([...Deno.readDirSync(temp.path)].map(({ name }) => name), ["outside"]);
  const state = [...Deno.readDirSync(replica.at(".dfs"))].map(({ name }) => name);
  assertEquals(state.filter((name) => !/^(lock|state\.sqlite(-shm|-wal)?|staging)$/.test(name)), []);
  return failure;
}

const unsafePaths = [
  "../outside/kept",
  "..",
  ".",
  "a/../../outside/kept",
  "/etc/dfs-test",
  "a//b",
  "a/",
  "back\\slash",
  "..\\outside\\kept",
  "nul\0byte",
  "x".repeat(256),
  "lone\ud800surrogate/../x",
];

for (const path of unsafePaths) {
  Deno.test(`pull() refuses the unsafe path ${JSON.stringify(path.slice(0, 40))}`, async () => {
    const root = contentOf("any");
    const failure = await pullFrom({ entries: [["a", directory()], [path, evilFile]], root, chunks: evilFrames });
    assertEquals(failure.kind, "corrupt");
  });
}

const reservedPaths = [
  ".dfs/config.yaml",
  ".dfs",
  "sub/.dfs/config.yaml",
  ".DFS/config.yaml",
  ".Dfs",
  ".dfs-staged-link",
  "sub/.dfs-staged-x",
];

for (const path of reservedPaths) {
  Deno.test(`pull() refuses ${JSON.stringify(path)}, which is dfs's own`, async () => {
    const parents: (readonly [string, Entry])[] = [];
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      parents.push([path.slice(0, slash), directory()]);
    }
    const failure = await pullFrom({ entries: [...parents, [path, evilFile]], chunks: evilFrames });
    assertEquals(failure.kind, "corrupt");
  });
}

Deno.test("pull() refuses a file that lies in a link, though the root hash does not cover it", async () => {
  await using outside = await TempFolder.make();
  const link = symlink(outside.path);
  for (const parent of ["door", "own-link"]) {
    const root = rootOf([[parent, link]]);
    const failure = await pullFrom({ entries: [[parent, link], [`${parent}/f`, evilFile]], root, chunks: evilFrames });
    assertEquals(failure.kind, "corrupt");
  }
  assertEquals([...Deno.readDirSync(outside.path)], []);
});

Deno.test("pull() refuses a file that lies in a file, or in nothing", async () => {
  assertEquals(
    (await pullFrom({ entries: [["f", evilFile], ["f/g", evilFile]], root: contentOf("x") })).kind,
    "corrupt",
  );
  assertEquals((await pullFrom({ entries: [["no/where", evilFile]], root: contentOf("x") })).kind, "corrupt");
});

Deno.test("pull() refuses a tree that has not the root hash the server names", async () => {
  const failure = await pullFrom({ entries: [["f", evilFile]], root: contentOf("another"), chunks: evilFrames });
  assertEquals(failure.kind, "corrupt");
});

Deno.test("pull() refuses files whose bytes are not as many as was said", async () => {
  for (const size of [3, 5, 1e9, 2 ** 40, Number.MAX_SAFE_INTEGER, 0]) {
    const entries = [["f", { ...evilFile, size }]] as const;
    assertEquals((await pullFrom({ entries, chunks: evilFrames })).kind, "corrupt", `${size} bytes`);
  }
});

Deno.test("pull() refuses chunks that are not those it asked for, too few of them, and more without end", async () => {
  const entries = [["f", evilFile]] as const;
  const endless = async function* () {
    while (true) yield await Promise.resolve(frameOf([evil]));
  };
  const answers: Record<string, Script["chunks"] & object> = {
    "another": () => ReadableStream.from([frameOf([new TextEncoder().encode("good")])]),
    "none": () => ReadableStream.from([]),
    "no frame": () => ReadableStream.from([new TextEncoder().encode("<html>")]),
    "half a frame": () => ReadableStream.from([frameOf([evil]).slice(0, -1)]),
    "without end": () => ReadableStream.from(endless()),
  };
  for (const [name, chunks] of Object.entries(answers)) {
    assertEquals((await pullFrom({ entries, chunks })).kind, "corrupt", name);
  }
});

Deno.test("pull() gives up on a list of entries without end", async () => {
  const endless = function* () {
    yield { type: "head", revision: 1, root: sha256(evil) } as const;
    const name = "x".repeat(200);
    const target = "y".repeat(4000);
    for (let index = 0;; index++) {
      const [, record] = recordsOf([[`${index}${name}`, symlink(target)]], sha256(evil));
      yield record!;
    }
  };
  const failure = await pullFrom({
    entries: [],
    root: sha256(evil),
    snapshot: () => ReadableStream.from(encodeRecords(endless())),
  });
  assertEquals(failure.kind, "corrupt");
});

Deno.test("pull() refuses links that no file system can hold", async () => {
  for (const target of ["", "a\0b", "x".repeat(4096)]) {
    assertEquals(
      (await pullFrom({ entries: [["l", symlink(target)]] })).kind,
      "corrupt",
      JSON.stringify(target.slice(0, 5)),
    );
  }
});

Deno.test("pull() tells answers that are no metadata, broken compression and broken numbers from good ones", async () => {
  const bodies: readonly [Uint8Array, Record<string, string>][] = [
    [evil, { "Content-Type": metadataType }],
    [evil, { "Content-Type": "text/html" }],
    [evil, { "Content-Type": metadataType, "Content-Encoding": "zstd" }],
    [evil, { "Content-Type": metadataType, "Content-Encoding": "unheard-of" }],
    [new Uint8Array(0), { "Content-Type": metadataType }],
  ];
  for (const [body, headers] of bodies) {
    const answer: Script["answer"] = ({ path }) =>
      path.endsWith("/entries") ? { status: 200, headers, body } : undefined;
    const failure = await pullFrom({ root: contentOf("x"), answer });
    assert(["corrupt", "unreachable"].includes(failure.kind), failure.message);
  }
});

Deno.test("push() refuses a receipt that is none, and remembers nothing of it", async () => {
  for (const text of ["{}", "null", "[]", `{"revision":"x"}`, `{"revision":-1,"root":"zz"}`, "no json"]) {
    await using server = await scriptedServer({
      entries: [],
      answer: ({ path, method }) => {
        const answer = (body: string) => ({ status: 200, headers: { "Content-Type": "application/json" }, body });
        if (method === "GET") {
          return answer(JSON.stringify({ revision: 0, root: contentOf("") as Hash, space: "default" }));
        }
        if (path.endsWith("/lacking")) return { status: 200, headers: {}, body: new Uint8Array(1) };
        return answer(text);
      },
    });
    await using replica = await Replica.make(server.url, { "f": "1" });
    const failure = await assertRejects(() => replica.push({ retry: retryNever }), Failure, undefined, text);
    assertEquals(failure.kind, "unreachable");
  }
});
