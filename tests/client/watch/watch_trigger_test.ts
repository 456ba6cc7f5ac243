import { assertEquals } from "@std/assert";
import { WatchTrigger } from "../../../lib/client/watch/mod.ts";
import { FakeTime, turn } from "../../support/fake_time.ts";

const settleMs = 100;
const { signal } = new AbortController();

/** A trigger whose next run is waited for, and what came of that so far. */
function waitFor(retryMs?: number, ends: AbortSignal = signal) {
  const time = new FakeTime();
  const trigger = new WatchTrigger(time.sleep);
  const outcome: { reasons?: string[] } = {};
  const wait = (): Promise<void> =>
    trigger.next({ settleMs, retryMs, signal: ends }).then((reasons) => void (outcome.reasons = [...reasons].sort()));
  return { time, trigger, outcome, done: wait(), wait };
}

Deno.test("WatchTrigger makes one run of many reasons", async () => {
  const { time, trigger, outcome, wait, done } = waitFor();
  await turn();
  assertEquals(outcome.reasons, undefined);
  for (const reason of ["space", "rescan", "space"] as const) trigger.poke(reason);
  await done;
  assertEquals(outcome.reasons, ["rescan", "space"]);
  delete outcome.reasons;
  const next = wait();
  await turn();
  assertEquals(outcome.reasons, undefined, "What was due is due no more");
  trigger.poke("verify");
  await next;
  assertEquals([outcome.reasons, time.sleeping], [["verify"], []]);
});

Deno.test("WatchTrigger keeps what comes between two waits", async () => {
  const { trigger, outcome, wait, done } = waitFor();
  trigger.poke("start");
  await done;
  trigger.poke("space");
  await wait();
  assertEquals(outcome.reasons, ["space"]);
});

Deno.test("WatchTrigger lets a folder settle the longer the more it changes, and no other reason", async () => {
  const { time, trigger, outcome, done } = waitFor();
  trigger.poke("folder");
  for (const waitMs of [20, 40, 80, settleMs, settleMs]) {
    await time.until(waitMs);
    trigger.poke("folder");
    trigger.poke("space");
    await time.pass(waitMs);
    assertEquals(outcome.reasons, undefined, "It changed while it settled");
  }
  await time.until(settleMs);
  await time.pass(settleMs);
  await done;
  assertEquals([outcome.reasons, time.sleeping], [["folder", "space"], []]);
});

Deno.test("WatchTrigger tells of a single change at once", async () => {
  const { time, trigger, outcome, done } = waitFor();
  trigger.poke("folder");
  await time.until(20);
  await time.pass(20);
  await done;
  assertEquals(outcome.reasons, ["folder"]);
});

Deno.test("WatchTrigger waits no longer for a folder that is never quiet than 20 times its settling time", async () => {
  const { time, trigger, outcome, done } = waitFor();
  trigger.poke("folder");
  let waitedMs = 0;
  while (outcome.reasons === undefined) {
    trigger.poke("folder");
    await turn();
    const [waitMs = 0] = time.sleeping;
    trigger.poke("folder");
    waitedMs += waitMs;
    await time.pass(waitMs);
  }
  await done;
  assertEquals([waitedMs >= 20 * settleMs, waitedMs < 21 * settleMs], [true, true]);
});

Deno.test("WatchTrigger makes a run due after a time, unless another reason comes first", async () => {
  const { time, trigger, outcome, wait, done } = waitFor(5000);
  await time.pass(4999);
  assertEquals(outcome.reasons, undefined);
  await time.pass(1);
  await done;
  assertEquals(outcome.reasons, ["retry"]);
  const next = wait();
  await time.pass(10);
  trigger.poke("space");
  await next;
  assertEquals([outcome.reasons, time.sleeping], [["space"], []]);
});

Deno.test("WatchTrigger gives no reasons once the signal came, whatever it waited for", async () => {
  for (const reason of [undefined, "folder"] as const) {
    const ended = new AbortController();
    const { time, trigger, outcome, done, wait } = waitFor(5000, ended.signal);
    if (reason !== undefined) {
      trigger.poke(reason);
      await time.until(20);
    }
    ended.abort();
    await done;
    assertEquals([outcome.reasons, time.sleeping], [[], []]);
    await wait();
    assertEquals(outcome.reasons, []);
  }
});
