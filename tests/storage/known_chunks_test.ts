import { assertEquals } from "@std/assert";
import { type Hash, sha256 } from "../../lib/core/mod.ts";
import { KnownChunks, knownChunksMax } from "../../lib/storage/known_chunks.ts";
import { PackIndex } from "../../lib/storage/pack_index.ts";
import { tempDirectory } from "./temp_directory.ts";

const name = (text: string): Hash => sha256(new TextEncoder().encode(text));
const [one, two, three] = [name("one"), name("two"), name("three")];

/** An index that counts what it is asked. */
class CountingIndex {
  version = "1";
  readonly asked: Hash[] = [];
  readonly stored = new Set<Hash>();

  find(hashes: readonly Hash[]): ReturnType<PackIndex["find"]> {
    this.asked.push(...hashes);
    return hashes.map((hash) => this.stored.has(hash) ? { frame: 1, position: 0, condemned: false } : undefined);
  }
}

Deno.test("KnownChunks asks the index once, of what is stored and of what is not", () => {
  const index = new CountingIndex();
  index.stored.add(one);
  const known = new KnownChunks(index);
  assertEquals(known.areStored([one, two]), [true, false]);
  assertEquals(known.areStored([two, three, one]), [false, false, true]);
  assertEquals(index.asked, [one, two, three]);
  known.entered([two]);
  assertEquals(known.areStored([three, two, two]), [false, true, true]);
  assertEquals(index.asked, [one, two, three]);
});

Deno.test("KnownChunks forgets what it knew when somebody else changed the index", () => {
  const index = new CountingIndex();
  index.stored.add(one);
  const known = new KnownChunks(index);
  assertEquals(known.areStored([one]), [true]);
  index.stored.clear();
  index.version = "2";
  assertEquals(known.areStored([one]), [false]);
});

Deno.test("KnownChunks remembers only so many, and answers about any number", () => {
  const index = new CountingIndex();
  const known = new KnownChunks(index);
  const many = Array.from({ length: knownChunksMax + 1 }, (_, at) => String(at).padStart(64, "0") as Hash);
  assertEquals(known.areStored(many).includes(true), false);
  index.asked.length = 0;
  known.areStored(many.slice(1));
  known.areStored([one]);
  index.asked.length = 0;
  known.areStored(many.slice(1, 2));
  assertEquals(index.asked, many.slice(1, 2));
});

Deno.test("PackIndex.version changes with what others write, and with frames that are forgotten, not with its own", async () => {
  await using directory = await tempDirectory();
  const path = `${directory.path}/chunks.sqlite`;
  using mine = new PackIndex(path);
  using other = new PackIndex(path);
  const frame = { pack: 1, start: 12, length: 40, hashes: [one], chunkLengths: [3] };
  mine.addPack(1);
  const before = mine.version;
  assertEquals(mine.append([frame], 0), 1);
  assertEquals(mine.version, before);
  other.append([{ ...frame, start: 52, hashes: [two] }], 0);
  const seen = mine.version;
  assertEquals(seen === before, false);
  assertEquals(mine.version, seen);
  mine.forgetFrames(1, { from: 12, starts: [12] });
  assertEquals(mine.version === seen, false);
  assertEquals(mine.find([one, two]).map((place) => place?.condemned), [false, undefined]);
});
