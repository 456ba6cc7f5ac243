import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RwLock } from "../../lib/core/mod.ts";

/** Lets everything that can go on go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Asks for a lock; tells when it is held, and gives it back on demand. */
function ask(lock: RwLock, kind: "read" | "write"): { held: boolean; done: () => void } {
  const state = { held: false, done: () => {} };
  void lock[kind]().then((holder) => {
    state.held = true;
    state.done = () => {
      state.held = false;
      holder[Symbol.dispose]();
    };
  });
  return state;
}

Deno.test("RwLock lets readers in together, and a writer alone", async () => {
  const lock = new RwLock();
  const readers = [ask(lock, "read"), ask(lock, "read")];
  const writer = ask(lock, "write");
  await settle();
  assertEquals([readers[0]!.held, readers[1]!.held, writer.held], [true, true, false]);
  readers[0]!.done();
  await settle();
  assertEquals(writer.held, false);
  readers[1]!.done();
  await settle();
  assertEquals(writer.held, true);
  const late = ask(lock, "read");
  const second = ask(lock, "write");
  await settle();
  assertEquals([late.held, second.held], [false, false]);
  writer.done();
  await settle();
  assertEquals([late.held, second.held], [true, false]);
});

Deno.test("RwLock lets no reader overtake a writer that waits, nor a writer the readers before it", async () => {
  const lock = new RwLock();
  const first = ask(lock, "read");
  const queue = (["write", "read", "read", "write", "read"] as const).map((kind) => ask(lock, kind));
  const entered: number[][] = [];
  await settle();
  first.done();
  for (let turn = 0; turn < 4; turn++) {
    await settle();
    entered.push(queue.flatMap(({ held }, index) => held ? [index] : []));
    for (const one of queue) if (one.held) one.done();
  }
  assertEquals(entered, [[0], [1, 2], [3], [4]]);
});

Deno.test("RwLock counts a release once, however often it is disposed of", async () => {
  const lock = new RwLock();
  const one = await lock.read();
  const other = await lock.read();
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  const writer = ask(lock, "write");
  await settle();
  assertEquals(writer.held, false);
  other[Symbol.dispose]();
  await settle();
  assertEquals(writer.held, true);
});

Deno.test("RwLock keeps its promise in any order of asking and giving back, and everybody gets in", async () => {
  const action = fc.oneof(fc.constantFrom("read" as const, "write" as const), fc.nat({ max: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const lock = new RwLock();
      const asked: { kind: "read" | "write"; held: boolean; done: () => void }[] = [];
      let entered = 0;
      const check = (): void => {
        const held = asked.filter((one) => one.held);
        assert(held.length <= 1 || held.every(({ kind }) => kind === "read"), "A writer was not alone");
      };
      const giveBack = (index: number): void => {
        const held = asked.filter((one) => one.held);
        held[index % held.length]?.done();
      };
      for (const action of actions) {
        if (typeof action === "number") giveBack(action);
        else {
          const one = Object.assign(ask(lock, action), { kind: action });
          asked.push(one);
          entered++;
        }
        await settle();
        check();
      }
      let served = 0;
      for (let turn = 0; turn <= entered; turn++) {
        for (const one of asked) {
          if (!one.held) continue;
          served++;
          one.done();
        }
        await settle();
        check();
      }
      assertEquals(asked.some(({ held }) => held), false);
      assert(served <= entered);
      // Nobody is left inside or waiting: a writer gets in at once.
      const last = ask(lock, "write");
      await settle();
      assert(last.held, "Somebody is left in the lock");
    }),
  );
});
