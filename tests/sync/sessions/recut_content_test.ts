import { assertEquals } from "@std/assert";
import { sha256 } from "../../../lib/core/mod.ts";
import { chunkBytesMax, readFrameHead, unpackFrame } from "../../../lib/storage/mod.ts";
import { recutContent } from "../../../lib/sync/sessions/recut_content.ts";
import { cutContent } from "../../support/cut_content.ts";
import { piecesOf } from "../../support/service_fixture.ts";

/** Bytes that do not repeat, and some that do. */
function content(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0, state = 7; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = at % 400_000 < 300_000 ? state >>> 24 : 0;
  }
  return bytes;
}

function* split(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

for (const length of [0, 1, 16_384, 16_385, chunkBytesMax, chunkBytesMax + 1, 1_048_576, 3_500_000]) {
  for (const size of [1_000, 65_536, 262_144, 4_000_000]) {
    Deno.test(`recutContent() cuts ${length} bytes in pieces of ${size} as every client does`, async () => {
      const bytes = content(length);
      const kept: Uint8Array[] = [];
      const { manifest, hash } = await recutContent(piecesOf(split(bytes, size)), (frame) => {
        const head = readFrameHead(frame);
        if (!head.ok) throw new Error(head.error.message);
        const raw = unpackFrame(frame, head.value);
        if (!raw.ok) throw new Error(raw.error.message);
        kept.push(raw.value.slice());
        return Promise.resolve();
      });
      assertEquals(hash, sha256(bytes));
      const expected = cutContent(bytes);
      assertEquals(manifest.contentId(), expected.entry.content);
      assertEquals(manifest.size, length);
      assertEquals(sha256(new Uint8Array(await new Blob(kept as Uint8Array<ArrayBuffer>[]).arrayBuffer())), hash);
    });
  }
}
