import { assertEquals, assertRejects } from "@std/assert";
import { type FollowedItem, followEvents, type FollowOptions, type RetryOptions } from "../../../lib/client/mod.ts";
import { Failure } from "../../../lib/core/mod.ts";
import { HttpClient } from "../../../lib/network/client/mod.ts";
import { type ByteConnection, socketConnection } from "../../../lib/network/mod.ts";
import { type MonitoredServer, serveMonitoring } from "../../server/monitoring_fixture.ts";

const retry: RetryOptions = { attemptsMax: 2, delayMs: 1, wait: () => Promise.resolve(), random: () => 0.5 };
const deleted = (path: string) => ({ space: "s", path, revision: 1 });

/** A client whose connections break after so many bytes from the server, one number each; the last ones hold. */
function breakingClient(url: string, breaks: readonly number[] = []): HttpClient {
  const { hostname, port } = new URL(url);
  let made = 0;
  return new HttpClient({
    origin: url,
    connect: async () => {
      const socket = socketConnection(await Deno.connect({ hostname, port: Number(port) }));
      return breakingConnection(socket, breaks[made++] ?? Infinity);
    },
  });
}

function breakingConnection(connection: ByteConnection, bytesMax: number): ByteConnection {
  let left = bytesMax;
  return {
    remoteAddr: connection.remoteAddr,
    write: (bytes) => connection.write(bytes),
    closeWrite: () => connection.closeWrite(),
    close: () => connection.close(),
    async read(buffer) {
      if (left === 0) throw new Deno.errors.ConnectionReset("cut");
      const count = await connection.read(buffer.subarray(0, Math.min(buffer.length, left)));
      left -= count ?? 0;
      return count;
    },
  };
}

async function follow(
  server: MonitoredServer,
  options: Partial<FollowOptions> & { readonly breaks?: readonly number[] },
): Promise<FollowedItem[]> {
  using http = breakingClient(server.url, options.breaks);
  return await Array.fromAsync(followEvents(http, { origin: server.url, follow: false, retry, ...options }));
}

function pathsOf(items: readonly FollowedItem[]): unknown[] {
  return items.map((item) => item.kind === "event" ? item.event.detail.path : item.kind);
}

Deno.test("followEvents() gives what the server holds, and ends", async () => {
  await using server = await serveMonitoring();
  for (const path of ["a", "b"]) server.events.emit("file.deleted", deleted(path));
  server.events.emit("sync.failed", { space: "other", error: "no" });
  assertEquals(pathsOf(await follow(server, { since: "", types: ["file.*"] })), ["a", "b"]);
  assertEquals(pathsOf(await follow(server, { since: "main:1", types: ["file.*"] })), ["b"]);
  assertEquals(pathsOf(await follow(server, { since: "", space: "other" })), [undefined]);
});

Deno.test("followEvents() goes on without gap or repeat, wherever the connection is cut", async () => {
  await using server = await serveMonitoring();
  const wanted = Array.from({ length: 12 }, (_, number) => `path-${number}`);
  for (const path of wanted.slice(0, 6)) server.events.emit("file.deleted", deleted(path));
  for (let cut = 1; cut < 1600; cut += 97) {
    using http = breakingClient(server.url, [cut + 300, cut, cut + 700]);
    const items = followEvents(http, { origin: server.url, follow: true, since: "", types: ["file.*"], retry });
    const seen: unknown[] = [];
    for await (const item of items) {
      if (item.kind === "event") seen.push(item.event.detail.path);
      if (item.kind === "gap") seen.push("gap");
      if (seen.length === 6 && cut === 1) {
        for (const path of wanted.slice(6)) server.events.emit("file.deleted", deleted(path));
      }
      if (seen.length === wanted.length) break;
    }
    assertEquals(seen, wanted, `cut after ${cut} bytes`);
  }
});

Deno.test("followEvents() leaves nothing out if it is cut before the first event", async () => {
  await using server = await serveMonitoring();
  using http = breakingClient(server.url, [300]);
  const items = followEvents(http, { origin: server.url, follow: true, retry });
  const first = items.next();
  while (server.feed.readers === 0) await server.get("/api/sync/overview");
  for (const path of ["a", "b", "c"]) server.events.emit("file.deleted", deleted(path));
  const seen: unknown[] = [];
  for (let next = await first; !next.done; next = await items.next()) {
    if (next.value.kind === "event") seen.push(next.value.event.detail.path);
    if (seen.length === 3) break;
  }
  await items.return();
  assertEquals(seen, ["a", "b", "c"]);
});

Deno.test("followEvents() says whenever the feed can be read, at first and after a break", async () => {
  await using server = await serveMonitoring();
  for (const path of ["a", "b"]) server.events.emit("file.deleted", deleted(path));
  using http = breakingClient(server.url, [300]);
  const seen: string[] = [];
  const opened = (): void => void seen.push("opened");
  for await (const item of followEvents(http, { origin: server.url, follow: true, since: "", retry, opened })) {
    seen.push(item.kind === "event" ? `${item.event.detail.path}` : item.kind);
    if (seen.at(-1) === "b") break;
  }
  assertEquals(seen.filter((what) => what !== "a"), ["opened", "broken", "opened", "b"]);
});

Deno.test("followEvents() tells of events the server no longer holds", async () => {
  await using server = await serveMonitoring({ journalEventsMax: 2 });
  for (const path of ["a", "b", "c", "d"]) server.events.emit("file.deleted", deleted(path));
  assertEquals(pathsOf(await follow(server, { since: "main:1" })), ["gap", "c", "d"]);
});

Deno.test("followEvents() ends when it is told to, while it waits", async () => {
  await using server = await serveMonitoring();
  const ended = new AbortController();
  using http = breakingClient(server.url);
  const items = followEvents(http, { origin: server.url, follow: true, retry, signal: ended.signal });
  const next = items.next();
  while (server.feed.readers === 0) await server.get("/api/sync/overview");
  ended.abort();
  assertEquals(await next, { done: true, value: undefined });
});

Deno.test("followEvents() explains a refusal, and a server that is not there", async () => {
  const server = await serveMonitoring();
  const refused = await assertRejects(() => follow(server, { types: ["nothing"] }), Failure, "nothing");
  assertEquals(refused.kind, "usage");
  await server[Symbol.asyncDispose]();
  const gone = await assertRejects(() => follow(server, { follow: true }), Failure, "No server answers");
  assertEquals(gone.kind, "unreachable");
});
