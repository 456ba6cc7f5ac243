import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { sha256 } from "../../lib/core/mod.ts";
import { openPackStore } from "../../lib/storage/mod.ts";
import { crashChunk } from "./crash_chunk.ts";
import { below, seededRandom } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

const child = fromFileUrl(new URL("./append_child.ts", import.meta.url));
const config = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** Lets a child put frames, kills it after it acknowledged `acknowledgements` chunks, and gives their seeds. */
async function appendUntilKilled(directory: string, first: number, acknowledgements: number): Promise<number[]> {
  const args = ["run", "--quiet", "--no-check", "--allow-all", "--config", config, child, directory, String(first)];
  const running = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped" }).spawn();
  const decoder = new TextDecoder();
  let text = "";
  let killed = false;
  for await (const piece of running.stdout) {
    text += decoder.decode(piece, { stream: true });
    if (killed || text.split("\n").length <= acknowledgements) continue;
    running.kill("SIGKILL");
    killed = true;
  }
  await running.status;
  assert(killed, `The child ended by itself after ${JSON.stringify(text)}`);
  return text.split("\n").slice(0, -1).map(Number);
}

Deno.test("what a store acknowledged survives kill -9 at any point, and the folder stays sound", async () => {
  await using directory = await tempDirectory();
  const random = seededRandom(20_261_122);
  const acknowledged: number[] = [];
  for (let round = 0; round < 5; round++) {
    const seeds = await Promise.all([0, 1].map((half) => {
      const first = (round * 2 + half) * 100_000;
      return appendUntilKilled(directory.path, first, 1 + below(60, random));
    }));
    acknowledged.push(...seeds.flat());
    await using store = await openPackStore(directory.path);
    for (const seed of acknowledged) {
      const chunk = crashChunk(seed);
      assertEquals(await store.get(sha256(chunk)), chunk, `round ${round}, chunk ${seed}`);
    }
    assertEquals(await Array.fromAsync(store.verify()), []);
  }
  assertEquals(new Set(acknowledged).size, acknowledged.length);
});
