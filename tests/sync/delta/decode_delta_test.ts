import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteWriter } from "../../../lib/core/mod.ts";
import { decodeDelta, encodeDelta } from "../../../lib/sync/delta/mod.ts";
import { noise } from "../../storage/fixtures.ts";

const base = noise(1000, 1);
const units = (from: number, count: number): Uint8Array | undefined =>
  from + count <= base.length ? base.subarray(from, from + count) : undefined;

/** A delta whose payload is not compressed. */
function deltaOf(steps: readonly number[], literals: readonly number[] = []): Uint8Array {
  const writer = new ByteWriter();
  const payload = new ByteWriter();
  for (const number of steps) payload.varint(number);
  const stepBytes = payload.length;
  payload.raw(Uint8Array.from(literals));
  writer.byte(1);
  writer.varint(stepBytes);
  writer.varint(literals.length);
  writer.byte(0);
  writer.raw(payload.view());
  return writer.bytes();
}

Deno.test("decodeDelta() leaves out chunks that the delta does not make", () => {
  const literal = noise(50, 2);
  const delta = encodeDelta([{ length: 0, steps: [] }, { length: 50, steps: [{ literal }] }, { length: 0, steps: [] }]);
  assertEquals(decodeDelta(delta, { targets: 3, units }), { ok: true, value: [undefined, literal, undefined] });
});

Deno.test("decodeDelta() reads the form that is written down", () => {
  // A chunk of 7: literals 9, 8; three units from 4 on (8 = zigzag of 4); then the last literals, 7 and 6.
  const delta = deltaOf([7, 2, 3, 8, 2], [9, 8, 7, 6]);
  const chunk = Uint8Array.of(9, 8, ...base.subarray(4, 7), 7, 6);
  assertEquals(decodeDelta(delta, { targets: 1, units }), { ok: true, value: [chunk] });
});

const broken: Readonly<Record<string, Uint8Array>> = {
  "is of another version": deltaOf([0]).with(0, 2),
  "is packed in an unknown way": deltaOf([0]).with(3, 9),
  "is not what its compression says": deltaOf([0]).with(3, 1),
  "takes from behind the old chunks": deltaOf([7, 0, 7, 2 * 994]),
  "takes from before the old chunks": deltaOf([7, 0, 7, 1]),
  "takes nothing": deltaOf([7, 0, 0, 0]),
  "takes more than the chunk is long": deltaOf([7, 0, 8, 0]),
  "brings more than the chunk is long": deltaOf([2, 3], [1, 2, 3]),
  "brings more than it uses": deltaOf([2, 2], [1, 2, 3]),
  "names more chunks than were asked for": deltaOf([2, 2, 0], [1, 2]),
  "names fewer chunks than were asked for": deltaOf([]),
  "makes a chunk longer than chunks can be": deltaOf([256 * 1024 + 1, 0, 1000, 0]),
  "announces more steps than are allowed": Uint8Array.of(1, 0xff, 0xff, 0xff, 0x7f, 0, 0),
  "announces more literals than are allowed": Uint8Array.of(1, 0, 0xff, 0xff, 0xff, 0x7f, 1),
};

for (const [name, delta] of Object.entries(broken)) {
  Deno.test(`decodeDelta() refuses a delta that ${name}`, () => {
    assert(!decodeDelta(delta, { targets: 1, units }).ok);
  });
}

Deno.test("decodeDelta() refuses more bytes of chunks than are allowed, made of whatever little", () => {
  const all = (): Uint8Array => new Uint8Array(256 * 1024);
  const chunks = (count: number): number[] => Array.from({ length: count }, () => [256 * 1024, 0, 1, 0]).flat();
  assert(decodeDelta(deltaOf(chunks(32)), { targets: 32, units: all }).ok);
  assert(!decodeDelta(deltaOf(chunks(33)), { targets: 33, units: all }).ok);
});

Deno.test("decodeDelta() of an altered or shortened delta makes chunks of the length they can be, or says what is wrong", () => {
  const literal = noise(300, 2);
  const delta = encodeDelta([{
    length: 1300,
    steps: [{ from: 0, count: 500 }, { literal }, { from: 500, count: 500 }],
  }]);
  const position = fc.nat(delta.length - 1);
  fc.assert(fc.property(position, fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, shortens) => {
    const altered = shortens ? delta.subarray(0, at) : delta.with(at, delta[at]! ^ change);
    const chunks = decodeDelta(altered, { targets: 1, units });
    if (chunks.ok) assert(chunks.value.length === 1 && (chunks.value[0]?.length ?? 0) <= 256 * 1024);
    else assert(chunks.error.length > 0);
  }));
});
