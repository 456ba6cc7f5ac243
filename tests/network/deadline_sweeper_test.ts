import { assertEquals } from "@std/assert";
import { DateCache } from "../../lib/network/date_cache.ts";
import { DeadlineSweeper } from "../../lib/network/deadline_sweeper.ts";
import { FakeTicker } from "./support.ts";

Deno.test("DeadlineSweeper tells its members the time at every sweep, until they leave or it ends", () => {
  const ticker = new FakeTicker();
  const seen: string[] = [];
  const member = (name: string) => ({ expire: (now: number) => void seen.push(`${name} ${now}`) });
  const [one, other] = [member("one"), member("other")];
  {
    using sweeper = new DeadlineSweeper(ticker);
    sweeper.add(one);
    sweeper.add(other);
    ticker.advance(10);
    assertEquals(sweeper.now, 10);
    sweeper.delete(one);
    ticker.advance(5);
  }
  ticker.advance(5);
  assertEquals(seen, ["one 10", "other 10", "other 15"]);
});

Deno.test("DateCache writes the date anew at every sweep and not before", () => {
  let now = Date.UTC(1994, 10, 6, 8, 49, 37);
  const date = new DateCache({ now: () => now, monotonic: () => 0 });
  now += 1_000;
  assertEquals(date.text, "Sun, 06 Nov 1994 08:49:37 GMT");
  date.expire();
  assertEquals(date.text, "Sun, 06 Nov 1994 08:49:38 GMT");
});
