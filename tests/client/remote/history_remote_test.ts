import { assert, assertEquals, assertRejects } from "@std/assert";
import { HistoryRemote, type RestoreOrder } from "../../../lib/client/mod.ts";
import { Failure } from "../../../lib/core/mod.ts";
import { HttpClient } from "../../../lib/network/client/mod.ts";
import { type HttpHandler, json } from "../../../lib/network/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { Replica, retryAtOnce } from "../../support/replica.ts";
import { serveHandler, startServer } from "../../support/test_server.ts";

/** The past of the usual space of a server. */
function connect(origin: string) {
  const http = new HttpClient({ origin });
  const history = new HistoryRemote(http, { origin, space: "default", retry: retryAtOnce });
  return { history, [Symbol.dispose]: () => http.close() };
}

const toFirst: RestoreOrder = { path: at("docs"), to: { at: "1" }, exact: true, dryRun: false, client: "desk" };

Deno.test("two restores and a push at the same time end in one order, and nothing acknowledged is lost", async () => {
  for (let round = 0; round < 5; round++) {
    await using server = await startServer();
    await using laptop = await Replica.make(server.url, { "docs/a": "a1", "docs/b": "b1", "other": "o1" });
    await laptop.push();
    laptop.write({ "docs/a": "a2", "docs/c": "c2", "other": "o2" });
    await laptop.push();
    laptop.write({ "docs/a": "a3", "other": "o3" });
    using first = connect(server.url);
    using second = connect(server.url);
    const [push, ...restores] = await Promise.allSettled([
      laptop.push(),
      first.history.restore(toFirst),
      second.history.restore(toFirst),
    ]);
    for (const { status } of restores) assertEquals(status, "fulfilled");
    await using fresh = await Replica.make(server.url);
    await fresh.pull();
    const tree = fresh.tree();
    const restored = { "docs/": "", "docs/a": "a1", "docs/b": "b1", "other": "o2" };
    const pushed = push.status === "fulfilled";
    if (pushed && tree["docs/a"] === "a3") {
      // The push came last, or what it says of the folder did.
      assertEquals({ ...tree, "docs/c": undefined }, {
        ...restored,
        "docs/a": "a3",
        "other": "o3",
        "docs/c": undefined,
      });
    } else assertEquals(tree, pushed ? { ...restored, other: "o3" } : restored);
    const versions = await first.history.versions(at("docs/a"));
    assertEquals(versions.some(({ version }) => version >= 3), true);
    const contents = await Promise.all(versions.map(async ({ version }) => {
      const pieces = await Array.fromAsync(first.history.content(at("docs/a"), version));
      return await new Blob(pieces.map((piece) => piece.slice())).text();
    }));
    for (const content of pushed ? ["a1", "a2", "a3"] : ["a1", "a2"]) assert(contents.includes(content), content);
  }
});

Deno.test("a restore tells what it made, and the next pull has it while what is local stays", async () => {
  await using server = await startServer();
  await using laptop = await Replica.make(server.url, { "docs/a": "a1", "docs/b": "b1" });
  await using desk = await Replica.make(server.url);
  await laptop.push();
  laptop.remove("docs/b");
  laptop.write({ "docs/a": "a2" });
  await laptop.push();
  await desk.pull();
  using remote = connect(server.url);
  const preview = await remote.history.restore({ ...toFirst, dryRun: true });
  assertEquals([preview.revision, preview.restored, preview.deleted], [2, 2, 0]);
  const answer = await remote.history.restore(toFirst);
  assertEquals([answer.revision, answer.source, answer.changes], [3, 1, preview.changes]);
  await desk.pull();
  assertEquals(desk.tree(), { "docs/": "", "docs/a": "a1", "docs/b": "b1" });
  const revisions = (await Array.fromAsync(remote.history.revisions())).flat();
  assertEquals(revisions.map(({ revision, client }) => [revision, client === "desk"]), [[3, true], [2, false], [
    1,
    false,
  ]]);
  assertEquals(revisions[0]!.root, answer.root);
});

/** What is asked of a server that does not answer as one should. */
const questions: Record<string, (history: HistoryRemote) => Promise<unknown>> = {
  versions: (history) => history.versions(at("f")),
  revisions: (history) => Array.fromAsync(history.revisions()),
  restore: (history) => history.restore(toFirst),
};

/** Answers that are JSON and no more. */
const strange: readonly unknown[] = [
  ...[null, 3, [], {}, { versions: {} }, { versions: [{}] }, { revisions: [{}], next_before: null }],
  { versions: [{ version: 1, revision: 1, client: "x", committed_at: "x", kind: "file" }] },
  { versions: [{ version: -1, revision: 1, client: "x", committed_at: "x", kind: "deleted" }] },
  { revisions: [], next_before: 3 },
  { revision: 1, root: "x", source: 1, repeated: false, restored: 1, deleted: 0, changes: [{ path: 1 }] },
];

Deno.test("what answers, but not as a dfs server does, is said so", async () => {
  for (const answer of strange) {
    await using server = await serveHandler(() => json(answer));
    for (const [name, ask] of Object.entries(questions)) {
      using remote = connect(server.url);
      await assertRejects(
        () => ask(remote.history),
        Failure,
        "is not a dfs server",
        `${name} ${JSON.stringify(answer)}`,
      );
    }
  }
});

Deno.test("a refusal is told in the server's words, with the paths concerned", async () => {
  const paths = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const refuse: HttpHandler = () =>
    json({ type: "about:blank", title: "Conflict", status: 409, detail: "In the way", hint: "Try", paths }, {
      status: 409,
    });
  await using server = await serveHandler(refuse);
  using remote = connect(server.url);
  const failure = await assertRejects(() => remote.history.restore(toFirst), Failure, "The server says: In the way");
  assertEquals([failure.kind, failure.hint, failure.details.length], ["conflict", "Try", 11]);
  assertEquals([failure.details[0], failure.details[10]], ['"p0"', "... 2 more"]);
});

Deno.test("a file that breaks off on its way is never taken for whole", async () => {
  const broken: HttpHandler = () => ({
    status: 200,
    headers: { "Content-Length": "10" },
    body: ReadableStream.from([new Uint8Array(4)]),
  });
  await using server = await serveHandler(broken);
  using remote = connect(server.url);
  const failure = await assertRejects(() => Array.fromAsync(remote.history.content(at("f"), 1)), Failure);
  assertEquals(failure.kind, "unreachable");
});
