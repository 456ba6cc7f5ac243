import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure, sha256 } from "../../lib/core/mod.ts";
import { type AnyEvent, EventBus } from "../../lib/events/mod.ts";
import { openPackStore } from "../../lib/storage/mod.ts";
import { frameOf, noise, putFrames } from "./fixtures.ts";
import { tempDirectory } from "./temp_directory.ts";

/** A bus and everything said on it. */
function listen(): { readonly bus: EventBus; readonly heard: AnyEvent[] } {
  const [bus, heard] = [new EventBus(), [] as AnyEvent[]];
  bus.on("storage.*", (event) => void heard.push(event));
  return { bus, heard };
}

Deno.test("PackStore tells of each pack that is full: its name, chunks and bytes", async () => {
  await using directory = await tempDirectory();
  const { bus, heard } = listen();
  await using store = await openPackStore(directory.path, { events: bus, packBytesMax: 5000 });
  const frames = [1, 2, 3].map((seed) => frameOf([noise(1500, seed), noise(1500, seed + 10)]));
  for (const frame of frames) assert((await putFrames(store, frame.slice())).ok);
  const sealed = heard.flatMap(({ type, detail }) => type === "storage.pack_sealed" ? [detail] : []);
  assertEquals(sealed.map(({ pack, chunks }) => [pack, chunks]), [["00000001.pack", 2], ["00000002.pack", 2]]);
  assertEquals(sealed.map(({ bytes }) => bytes), [0, 1].map((at) => 12 + frames[at]!.length));
});

Deno.test("PackStore tells of damage whoever finds it: a client that reads, or somebody who verifies", async () => {
  await using directory = await tempDirectory();
  const { bus, heard } = listen();
  const chunk = noise(3000, 1);
  {
    await using store = await openPackStore(directory.path);
    assert((await putFrames(store, frameOf([chunk]))).ok);
  }
  const path = `${directory.path}/packs/00000001.pack`;
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length - 100]! ^= 1;
  Deno.writeFileSync(path, bytes);
  await using store = await openPackStore(directory.path, { events: bus });
  const hash = sha256(chunk);
  await assertRejects(() => store.get(hash), Failure);
  await assertRejects(() => Array.fromAsync(store.frames([hash])), Failure);
  const found = await Array.fromAsync(store.verify());
  assertEquals(found.length, 1);
  assertEquals(heard.map(({ type }) => type), Array.from({ length: 3 }, () => "storage.corruption_found"));
  assertEquals(heard.map(({ detail }) => "object" in detail ? detail.object : ""), [hash, "frame", hash]);
});
