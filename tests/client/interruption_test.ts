import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../lib/core/mod.ts";
import type { SyncReport } from "../../lib/client/mod.ts";
import { conflictName } from "../../lib/sync/mod.ts";
import { at } from "../metadata/store/fixtures.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { Relay, type RelayFaults } from "../support/relay.ts";
import { endsAt, Interruption, Replica, retryAtOnce, retryNever } from "../support/replica.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { startServer, type TestServer } from "../support/test_server.ts";

/** How many places of a run are tried; all kinds of requests and answers are among them. */
const places = 40;

/** A server, a relay before it, and two replicas whose content differs in every way. */
interface Scene extends AsyncDisposable {
  readonly server: TestServer;
  readonly relay: Relay;
  readonly a: Replica;
  readonly b: Replica;
}

async function prepare(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer());
  const relay = stack.use(new Relay(server.url));
  const a = stack.use(await Replica.make(server.url, { "kept": "1", "edited": "old", "gone": "bye" }));
  const b = stack.use(await Replica.make(server.url));
  await a.push();
  await b.pull();
  const owned = stack.move();
  return { server, relay, a, b, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Changes that make a push and a pull send every kind of request. */
function change(a: Replica, round: number): void {
  const random = new SeededRandom(round + 1);
  Deno.writeFileSync(a.at("large"), random.bytes(300_000));
  Deno.writeFileSync(a.at("small"), random.bytes(3000));
  a.write({ "edited": `new ${round}`, [`dir${round}/f`]: `of round ${round}` });
  if (round > 0) a.remove(`dir${round - 1}`);
}

/** Runs with faults; the run ends well or with a failure that says what is the matter. */
async function attempt(relay: Relay, faults: RelayFaults, run: () => Promise<SyncReport>): Promise<void> {
  relay.heal();
  relay.faults = faults;
  try {
    await run();
  } catch (cause) {
    assert(cause instanceof Failure, String(cause instanceof Error ? cause.stack : cause));
    assert(["unreachable", "corrupt", "conflict", "usage", "io", "not_found"].includes(cause.kind), cause.message);
  }
}

const cuts = {
  "the connection is cut once": (fault: "cutUp" | "cutDown", position: number) => ({ [fault]: position }),
  "the server is gone from then on": (fault: "cutUp" | "cutDown", position: number) => ({
    [fault]: position,
    stayDown: true,
  }),
};

for (const [name, faultsOf] of Object.entries(cuts)) {
  for (const fault of ["cutUp", "cutDown"] as const) {
    const way = fault === "cutUp" ? "to" : "from";
    Deno.test(`push() and pull() complete though ${name}, anywhere on the way ${way} the server`, async () => {
      await using scene = await prepare();
      const { relay, a, b } = scene;
      const retry = fault === "cutUp" ? retryAtOnce : retryNever;
      let total = { push: 1, pull: 1 };
      for (let place = 0; place < places; place++) {
        change(a, place);
        const at = (bytes: number) => Math.floor(bytes * place / places);
        await attempt(relay, faultsOf(fault, at(total.push)), () => a.push({ url: relay.url, retry }));
        const revision = (await a.push()).revision;
        await attempt(relay, faultsOf(fault, at(total.pull)), () => b.pull({ url: relay.url, retry }));
        const report = await b.pull();
        assert(report.synchronized);
        assertEquals([report.revision, folderFacts(b.path)], [revision, folderFacts(a.path)], `place ${place}`);
        if (place === 0) total = await measure(scene, fault);
      }
      // One revision a round, and one when it was measured: a commit that was repeated made no second one.
      assertEquals((await a.push()).revision, places + 2);
    });
  }
}

/** How many bytes an undisturbed push and pull move. */
async function measure({ relay, a, b }: Scene, fault: "cutUp" | "cutDown"): Promise<{ push: number; pull: number }> {
  const moved = () => fault === "cutUp" ? relay.up : relay.down;
  change(a, 1);
  a.write({ "dir0/f": "" });
  relay.heal();
  await a.push({ url: relay.url });
  const push = moved();
  relay.heal();
  await b.pull({ url: relay.url });
  return { push, pull: moved() };
}

Deno.test("push() and pull() never take an answer in which a bit was turned, and the next run completes", async () => {
  await using scene = await prepare();
  const { relay, a, b } = scene;
  let total = { push: 1, pull: 1 };
  // A length that grew makes the client wait for what never comes.
  const impatient = { url: relay.url, patienceMs: 100 };
  let harm = 0;
  for (let place = 0; place < places; place++) {
    change(a, place);
    const at = (bytes: number) => Math.floor(bytes * place / places);
    await attempt(relay, { flipDown: at(total.push) }, () => a.push(impatient));
    harm += relay.harm;
    assert((await a.push()).synchronized, `place ${place}`);
    await attempt(relay, { flipDown: at(total.pull) }, () => b.pull(impatient));
    harm += relay.harm;
    assert((await b.pull()).synchronized, `place ${place}`);
    assertEquals(folderFacts(b.path), folderFacts(a.path), `place ${place}`);
    if (place === 0) total = await measure(scene, "cutDown");
  }
  assert(harm > places, `${harm} bits were turned`);
});

Deno.test("pull() fetches chunks again that were damaged on the way", async () => {
  await using scene = await prepare();
  const { relay, a, b } = scene;
  change(a, 0);
  await a.push();
  relay.heal();
  relay.faults = { flipDown: 200_000 };
  const report = await b.pull({ url: relay.url });
  assertEquals([relay.harm, report.synchronized, report.problems], [1, true, []]);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("pull() takes staged bytes for what they are, not for what they should be", async () => {
  await using scene = await prepare();
  const { relay, a, b } = scene;
  change(a, 0);
  await a.push();
  relay.heal();
  relay.faults = { cutDown: 200_000, stayDown: true };
  await attempt(relay, relay.faults, () => b.pull({ url: relay.url, retry: retryNever }));
  for (const { name } of Deno.readDirSync(b.at(".dfs/staging"))) {
    using staged = Deno.openSync(b.at(`.dfs/staging/${name}`), { write: true });
    staged.writeSync(new TextEncoder().encode("spoiled"));
  }
  assert((await b.pull()).synchronized);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("push() that was interrupted uses nothing of a file that changed since", async () => {
  await using scene = await prepare();
  const { relay, a, b } = scene;
  const random = new SeededRandom(5);
  Deno.writeFileSync(a.at("large"), random.bytes(9_000_000));
  relay.heal();
  await attempt(relay, { cutUp: 3_000_000, stayDown: true }, () => a.push({ url: relay.url, retry: retryNever }));
  Deno.writeFileSync(a.at("large"), random.bytes(5_000_000));
  assert((await a.push()).synchronized);
  assert((await b.pull()).synchronized);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

Deno.test("sync() does not delete what somebody gave the name of a copy that it did not come to make", async () => {
  await using scene = await prepare();
  const { a, b } = scene;
  const atMs = Date.UTC(2026, 0, 31, 8, 5, 9);
  const clock = { now: () => atMs, monotonic: () => 0 };
  a.write({ "edited": "by a" });
  b.write({ "edited": "by b" });
  await a.sync();
  const beforeCommit = (): Promise<void> => Promise.reject(new Failure("unreachable", "The server is gone"));
  const conflicts = { rules: [], default: "keep-both" as const };
  await assertRejects(() => b.sync({ clock, conflicts, beforeCommit }), Failure);
  const client = await b.use(({ clientId }) => clientId);
  const copy = conflictName(at("edited"), { client, atMs });
  Deno.renameSync(b.at("edited"), b.at(copy));
  await b.sync({ conflicts });
  await a.sync();
  assertEquals([a.tree()[copy], b.tree()[copy]], ["by b", "by b"]);
});

Deno.test("sync() knows what it did itself, though a run in between could not look at it", async () => {
  await using scene = await prepare();
  const { a, b } = scene;
  a.write({ "d/f": "1" });
  await a.sync();
  await assertRejects(() => b.sync({ progress: endsAt("remember") }), Interruption);
  a.write({ "d/f": "2" });
  await a.sync();
  const closed = await b.sync({ closed: ["d"] });
  assertEquals(closed.synchronized, false);
  const report = await b.sync();
  assertEquals([report.synchronized, report.conflicts, b.tree()["d/f"]], [true, [], "2"]);
});
