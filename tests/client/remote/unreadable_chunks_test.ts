import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../lib/core/mod.ts";
import { HttpRemote, LocalWorkspace, verifyFolder, type VerifyReport } from "../../../lib/client/mod.ts";
import { HttpClient } from "../../../lib/network/client/mod.ts";
import { Replica, retryAtOnce } from "../../support/replica.ts";
import { SeededRandom } from "../../support/seeded_random.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { serveFolder } from "../../support/test_server.ts";

/** A server whose disk can go bad, each run of it with another look at that. */
class FailingServer implements AsyncDisposable {
  readonly #temp: TempFolder;
  #running: Awaited<ReturnType<typeof serveFolder>>;

  private constructor(temp: TempFolder, running: FailingServer["running"]) {
    this.#temp = temp;
    this.#running = running;
  }

  static async start(): Promise<FailingServer> {
    const temp = await TempFolder.make();
    return new FailingServer(temp, await serveFolder(temp.folder("data")));
  }

  get running(): Awaited<ReturnType<typeof serveFolder>> {
    return this.#running;
  }

  /** Turns a bit at some places of the first pack, counted from its beginning, or from its end if negative. */
  async rot(...places: readonly number[]): Promise<void> {
    const port = Number(new URL(this.#running.url).port);
    await this.#running[Symbol.asyncDispose]();
    const path = `${this.#temp.path}/data/chunks/packs/00000001.pack`;
    const pack = Deno.readFileSync(path);
    for (const place of places) pack[place < 0 ? pack.length + place : place]! ^= 1;
    Deno.writeFileSync(path, pack);
    this.#running = await serveFolder(`${this.#temp.path}/data`, port);
  }

  /** Takes out of the store what is damaged. */
  async repair(): Promise<void> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ repair: true });
    const response = await fetch(`${this.#running.url}/api/verify`, { method: "POST", headers, body });
    assert((await response.json()).quarantined > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
    await this.#temp[Symbol.asyncDispose]();
  }
}

/** Sends the server again what it lacks of a folder. */
async function sendAgain(replica: Replica): Promise<VerifyReport> {
  using workspace = LocalWorkspace.open(replica.path);
  using http = new HttpClient({ origin: replica.url });
  const remote = new HttpRemote(http, { origin: replica.url, space: workspace.space, retry: retryAtOnce });
  return await verifyFolder({ workspace, remote, http, retry: retryAtOnce }, { clock: systemClock });
}

const random = new SeededRandom(11);

/** Text that does not get shorter by packing it. */
function noise(length: number): string {
  return random.bytes(length / 2).toHex();
}

Deno.test("pull() names files that the server cannot give, brings all others, and these once they are mended", async () => {
  await using server = await FailingServer.start();
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, number) => [`d${number % 7}/${number}`, noise(90_000)]),
  );
  await using a = await Replica.make(server.running.url, { ...files, same: files["d0/0"]! });
  await a.push();
  await using b = await Replica.make(server.running.url, { "d3/3": "mine" });
  await server.rot(200_000, 1_200_000, -2000);

  const missed = async (): Promise<string[]> => {
    const report = await b.pull({ force: true });
    assertEquals(report.synchronized, report.problems.length === 0);
    for (const { problem, kind } of report.problems) {
      assertEquals(kind, "unreadable");
      assertStringIncludes(problem, "damaged or missing on the server");
      assertStringIncludes(problem, "dfs verify --server --repair");
    }
    return report.problems.map(({ path }) => path).sort();
  };
  const damaged = await missed();
  assert(damaged.length >= 3 && damaged.length < 40, `${damaged.length} files`);
  const expected = { ...a.tree() };
  for (const path of damaged) delete expected[path];
  const come = b.tree();
  if (damaged.includes("d3/3")) {
    assertEquals(come["d3/3"], "mine");
    delete come["d3/3"];
  }
  assertEquals(come, expected);
  assertEquals(await missed(), damaged);
  await server.repair();
  assertEquals(await missed(), damaged);
  const { lacking, sentBytes } = await sendAgain(a);
  assertEquals([lacking, sentBytes > 0], [damaged, true]);
  assertEquals(await missed(), []);
  assertEquals(b.tree(), a.tree());
});

Deno.test("sync() keeps both sides of a text whose common version the server cannot give", async () => {
  await using server = await FailingServer.start();
  await using a = await Replica.make(server.running.url, { "f": noise(5000) });
  await a.sync();
  await using b = await Replica.make(server.running.url);
  await b.sync();
  await server.rot(1000);
  a.write({ f: `above\n${noise(3000)}` });
  await a.sync();
  b.write({ f: `${noise(3000)}\nbelow` });
  const report = await b.sync({ conflicts: { rules: [], default: "merge" } });
  assertEquals([report.synchronized, report.conflicts.length], [true, 1]);
  assertEquals(Object.values(b.tree()).map(({ length }) => length), [3006, 3006]);
});
