import { assert, assertEquals } from "@std/assert";
import { problem } from "../../lib/network/mod.ts";
import { noise, prose } from "../storage/fixtures.ts";
import { type AnswerChange, startFrontServer } from "../support/front_server.ts";
import { Relay } from "../support/relay.ts";
import { Replica } from "../support/replica.ts";
import { startServer, type TestServer } from "../support/test_server.ts";
import { splice } from "../sync/delta/edited.ts";

const before = prose(200_000, 1);
const after = splice(before, 100_000, 40, noise(100, 2));

/** A server, a relay that counts before it, and two replicas that hold the same file. */
interface Scene extends AsyncDisposable {
  readonly relay: Relay;
  readonly a: Replica;
  readonly b: Replica;
}

async function prepare(
  files: Readonly<Record<string, Uint8Array>>,
  start: () => Promise<TestServer> = startServer,
): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await start());
  const relay = stack.use(new Relay(server.url));
  const a = stack.use(await Replica.make(server.url));
  const b = stack.use(await Replica.make(server.url));
  for (const [path, bytes] of Object.entries(files)) Deno.writeFileSync(a.at(path), bytes);
  await a.push({ url: relay.url });
  await b.pull({ url: relay.url });
  const owned = stack.move();
  return { relay, a, b, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** How many bytes a run sends and receives. */
async function bytesOf(relay: Relay, run: () => Promise<unknown>): Promise<number> {
  relay.heal();
  await run();
  return relay.up + relay.down;
}

Deno.test("push() and pull() of an edit of 100 bytes in a text of 200 KB carry less than 4 KB", async () => {
  await using scene = await prepare({ "text": before });
  const { relay, a, b } = scene;
  Deno.writeFileSync(a.at("text"), after);
  const pushed = await bytesOf(relay, () => a.push({ url: relay.url }));
  const pulled = await bytesOf(relay, () => b.pull({ url: relay.url }));
  assertEquals(Deno.readFileSync(b.at("text")), after);
  assert(pushed < 4000, `The push carried ${pushed} bytes`);
  assert(pulled < 4000, `The pull carried ${pulled} bytes`);
});

Deno.test("push() and pull() carry scattered edits for a small share of the chunks that they change", async () => {
  const book = prose(1_500_000, 1);
  await using scene = await prepare({ "text": book });
  const { relay, a, b } = scene;
  let edited = book;
  for (let at = 10_000; at < book.length; at += 15_000) edited = splice(edited, at, 5, noise(20, at));
  Deno.writeFileSync(a.at("text"), edited);
  const whole = 1_500_000 / 4;
  const pushed = await bytesOf(relay, () => a.push({ url: relay.url }));
  const pulled = await bytesOf(relay, () => b.pull({ url: relay.url }));
  assertEquals(Deno.readFileSync(b.at("text")), edited);
  assert(pushed < whole / 4, `The push carried ${pushed} bytes`);
  assert(pulled < whole / 10, `The pull carried ${pulled} bytes`);
});

Deno.test("push() and pull() carry what was moved and edited as its difference to what went away", async () => {
  await using scene = await prepare({ "app.1f3b.js": before });
  const { relay, a, b } = scene;
  a.remove("app.1f3b.js");
  Deno.writeFileSync(a.at("app.77c0.js"), after);
  assert(await bytesOf(relay, () => a.push({ url: relay.url })) < 4000);
  assert(await bytesOf(relay, () => b.pull({ url: relay.url })) < 4000);
  assertEquals([...Deno.readDirSync(b.path)].map(({ name }) => name).sort(), [".dfs", "app.77c0.js"]);
  assertEquals(Deno.readFileSync(b.at("app.77c0.js")), after);
});

Deno.test("push() and pull() carry a file that was made anew altogether as any other", async () => {
  await using scene = await prepare({ "noise": noise(300_000, 1) });
  const { relay, a, b } = scene;
  Deno.writeFileSync(a.at("noise"), noise(300_000, 2));
  const pushed = await bytesOf(relay, () => a.push({ url: relay.url }));
  await b.pull({ url: relay.url });
  assertEquals(Deno.readFileSync(b.at("noise")), noise(300_000, 2));
  assert(pushed < 305_000, `The push carried ${pushed} bytes`);
});

Deno.test("pull() brings the right bytes though any part of the answers is altered on its way", async () => {
  await using scene = await prepare({ "text": before });
  const { relay, a, b } = scene;
  let [now, harmed] = [before, 0];
  for (let round = 0; round < 40; round++) {
    now = splice(now, 5000 * round, 10, noise(100, round));
    Deno.writeFileSync(a.at("text"), now);
    await a.push();
    relay.heal();
    relay.faults = { flipDown: 40 * round };
    await b.pull({ url: relay.url, patienceMs: 200 }).catch(() => {});
    harmed += relay.harm;
    relay.heal();
    await b.pull({ url: relay.url });
    assertEquals(Deno.readFileSync(b.at("text")), now, `round ${round}`);
  }
  assert(harmed > 20, `${harmed} answers were altered`);
});

/** Pushes and pulls an edit through a server that changes some of its answers; gives the paths it was asked for. */
async function carryThrough(change: AnswerChange): Promise<string[]> {
  const paths: string[] = [];
  await using scene = await prepare({ "text": before }, () =>
    startFrontServer((request, answer) => {
      paths.push(request.path.replace(/^.*default/, ""));
      return change(request, answer);
    }));
  paths.length = 0;
  const { relay, a, b } = scene;
  Deno.writeFileSync(a.at("text"), after);
  await a.push({ url: relay.url });
  await b.pull({ url: relay.url });
  assertEquals(Deno.readFileSync(b.at("text")), after);
  return paths;
}

Deno.test("push() and pull() carry chunks whole where a server knows no deltas, asking it once", async () => {
  const paths = await carryThrough(({ path }) => {
    return /signatures|deltas/.test(path) ? problem(404, "There is nothing here") : undefined;
  });
  const delta = paths.filter((path) => /signatures|deltas/.test(path));
  assertEquals(delta, ["/chunks/signatures", "/chunks/deltas/fetch"]);
  assert(paths.includes("/chunks") && paths.includes("/chunks/fetch"));
});

Deno.test("push() sends whole what does not come out right on the server", async () => {
  const paths = await carryThrough(({ path }, answer) => {
    if (!path.endsWith("/signatures")) return undefined;
    // The names of pieces change places, so that the server is told to take the wrong ones.
    const swapped = answer.slice();
    for (let at = swapped.length % 4; at + 8 <= swapped.length; at += 8) {
      swapped.set(answer.subarray(at, at + 4), at + 4);
      swapped.set(answer.subarray(at + 4, at + 8), at);
    }
    return { status: 200, body: swapped };
  });
  assertEquals(paths.filter((path) => path === "/chunks/deltas" || path === "/chunks"), ["/chunks/deltas", "/chunks"]);
});

Deno.test("push() and pull() carry chunks whole where what a server says of deltas makes no sense", async () => {
  const paths = await carryThrough(({ path }) => {
    return /signatures|deltas/.test(path) ? { status: 200, body: noise(100, 3) } : undefined;
  });
  assert(paths.includes("/chunks") && paths.includes("/chunks/fetch"));
});
