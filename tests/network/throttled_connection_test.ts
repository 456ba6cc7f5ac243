import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { RateLimiter } from "../../lib/core/mod.ts";
import { HttpClient, HttpClientError } from "../../lib/network/mod.ts";
import { throttledConnection } from "../../lib/network/throttled_connection.ts";
import { FakeTime } from "../events/fakes.ts";
import { FakeTicker, ScriptedConnection, turn } from "./support.ts";

function limiterOf(bytesPerSecond: number): { readonly time: FakeTime; readonly limiter: RateLimiter } {
  const time = new FakeTime();
  const after = (ms: number, callback: () => void): Disposable => time.after(ms, callback);
  return { time, limiter: new RateLimiter({ bytesPerSecond, clock: time, after }) };
}

/** Lets time pass until a promise settles; gives how much did, in milliseconds. */
async function passUntil(time: FakeTime, promise: Promise<unknown>): Promise<number> {
  let settled = false;
  const done = promise.finally(() => settled = true);
  const start = time.monotonic();
  while (!settled) {
    await turn();
    if (!settled && time.pending > 0) time.pass(1);
  }
  await done;
  return time.monotonic() - start;
}

Deno.test("throttledConnection() is the connection itself if there is no limit", () => {
  const connection = new ScriptedConnection();
  assertStrictEquals(throttledConnection(connection, {}), connection);
});

Deno.test("throttledConnection() writes in pieces, at its rate", async () => {
  const { time, limiter } = limiterOf(10_000);
  const inner = new ScriptedConnection();
  const connection = throttledConnection(inner, { up: limiter });
  const bytes = new Uint8Array(20_000);
  const tookMs = await passUntil(
    time,
    (async () => {
      for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    })(),
  );
  assertEquals([inner.output.length, inner.writes], [20_000, 40]);
  assert(tookMs >= 1900 && tookMs <= 2100, `${tookMs} ms`);
});

Deno.test("throttledConnection() reads in pieces, at its rate, and leaves the rest with the other side", async () => {
  const { time, limiter } = limiterOf(10_000);
  const inner = new ScriptedConnection();
  void inner.send(new Uint8Array(20_000));
  const connection = throttledConnection(inner, { down: limiter });
  const buffer = new Uint8Array(65_536);
  const counts: number[] = [];
  const tookMs = await passUntil(
    time,
    (async () => {
      while (counts.length < 40) counts.push(await connection.read(buffer) ?? 0);
    })(),
  );
  assertEquals(new Set(counts), new Set([500]));
  assert(tookMs >= 1900 && tookMs <= 2100, `${tookMs} ms`);
});

Deno.test("throttledConnection() counts what the connection took, not what was offered to it", async () => {
  const { time, limiter } = limiterOf(1000);
  const inner = new ScriptedConnection();
  inner.write = (bytes) => Promise.resolve(Math.min(10, bytes.length));
  const connection = throttledConnection(inner, { up: limiter });
  const tookMs = await passUntil(
    time,
    (async () => {
      for (let sent = 0; sent < 1000;) sent += await connection.write(new Uint8Array(1000 - sent));
    })(),
  );
  assert(tookMs >= 900 && tookMs <= 1100, `${tookMs} ms`);
});

Deno.test("throttledConnection() ends a wait when it is closed, and leaves no timer", async () => {
  const { time, limiter } = limiterOf(1000);
  const connection = throttledConnection(new ScriptedConnection(), { up: limiter });
  await connection.write(new Uint8Array(50));
  const waiting = assertRejects(() => connection.write(new Uint8Array(50)), Deno.errors.BadResource);
  connection.close();
  await waiting;
  assertEquals(time.pending, 0);
});

Deno.test("HttpClient keeps to its limits over all connections together, both ways", async () => {
  const up = limiterOf(10_000);
  const down = limiterOf(5_000);
  const body = new Uint8Array(10_000);
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${"x".repeat(5000)}`;
  const connect = () => {
    const connection = new ScriptedConnection();
    void connection.send(answer);
    return Promise.resolve(connection);
  };
  const options = { origin: "http://a.example", connect, ticker: new FakeTicker() };
  using client = new HttpClient({ ...options, limitUp: up.limiter, limitDown: down.limiter });
  const ask = async (): Promise<number> => {
    const response = await client.request({ method: "PUT", path: "/", body });
    return (await response.bytes({ max: 10_000 })).length;
  };
  const both = Promise.all([ask(), ask()]);
  const sentMs = passUntil(up.time, both);
  const receivedMs = passUntil(down.time, both);
  assertEquals(await both, [5000, 5000]);
  assert(await sentMs >= 1950 && await sentMs <= 2150, `Sent in ${await sentMs} ms`);
  assert(await receivedMs >= 1950 && await receivedMs <= 2150, `Received in ${await receivedMs} ms`);
});

Deno.test("HttpClient that is closed lets nobody wait for a turn", async () => {
  const { time, limiter } = limiterOf(100);
  const connect = () => Promise.resolve(new ScriptedConnection());
  const client = new HttpClient({ origin: "http://a.example", connect, ticker: new FakeTicker(), limitUp: limiter });
  const failed = assertRejects(
    () => client.request({ method: "PUT", path: "/", body: new Uint8Array(10_000) }),
    HttpClientError,
  );
  while (time.pending === 0) await turn();
  client.close();
  await failed;
  assertEquals(time.pending, 0);
});
