import { assertEquals } from "@std/assert";
import { noticeReplaced } from "../../../lib/client/watch/notice_replaced.ts";
import { WatchTrigger } from "../../../lib/client/watch/watch_trigger.ts";

Deno.test("noticeReplaced() makes one run due each time that the folder goes", async () => {
  const ended = new AbortController();
  const looks = [true, false, false, true, true, false];
  const poked: [number, string][] = [];
  class Trigger extends WatchTrigger {
    override poke(reason: Parameters<WatchTrigger["poke"]>[0]): void {
      poked.push([looked, reason]);
    }
  }
  let looked = 0;
  const sleep = (): Promise<void> => Promise.resolve();
  const parts = { trigger: new Trigger(sleep), sleep, signal: ended.signal };
  await noticeReplaced(() => {
    const isInPlace = looks[looked++]!;
    if (looked === looks.length) ended.abort();
    return isInPlace;
  }, parts);
  assertEquals(poked, [[2, "rescan"], [6, "rescan"]]);
});
