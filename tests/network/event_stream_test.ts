import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { ServerSentEventMessage } from "@std/http";
import { eventStream } from "../../lib/network/mod.ts";
import { formatEvent } from "../../lib/network/format_event.ts";
import { serveScripted } from "./support.ts";

const request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

Deno.test("eventStream() sends events as they happen", async () => {
  const gate = Promise.withResolvers<void>();
  async function* events(): AsyncGenerator<ServerSentEventMessage> {
    yield { event: "a", id: 1, data: "x\ny" };
    await gate.promise;
    yield { data: "last" };
  }
  await using scripted = serveScripted((incoming) => eventStream(incoming, events()));
  const { connection } = scripted;
  void connection.send(request);
  await connection.when(() => connection.output.includes("data:y"));
  assertStringIncludes(connection.output, "Content-Type: text/event-stream\r\n");
  assertStringIncludes(connection.output, "event:a\ndata:x\ndata:y\nid:1\n\n");
  gate.resolve();
  await connection.when(() => connection.output.endsWith("0\r\n\r\n"));
  assertStringIncludes(connection.output, "data:last\n\n");
});

Deno.test("eventStream() ends when the client goes away, and lets go of the events", async () => {
  const returned = Promise.withResolvers<void>();
  const events: AsyncIterable<ServerSentEventMessage> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: () => {
        returned.resolve();
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  await using scripted = serveScripted((incoming) => eventStream(incoming, events));
  void scripted.connection.send(request);
  await scripted.connection.end();
  await returned.promise;
});

Deno.test("eventStream() sends a comment when nothing happens", async () => {
  async function* events(): AsyncGenerator<ServerSentEventMessage> {
    yield { data: "first" };
    await new Promise(() => {});
  }
  await using scripted = serveScripted((incoming) => eventStream(incoming, events(), { heartbeatMs: 1 }));
  const { connection } = scripted;
  void connection.send(request);
  await connection.when(() => /data:first\n\n[^]*\n:\n\n/.test(connection.output));
  assertEquals(connection.closed, false);
});

Deno.test("eventStream() sends what was there before the events failed, and cuts the connection", async () => {
  async function* events(): AsyncGenerator<ServerSentEventMessage> {
    yield { data: "first" };
    yield { data: "second" };
    await Promise.reject(new Error("broken"));
  }
  await using scripted = serveScripted((incoming) => eventStream(incoming, events()));
  void scripted.connection.send(request);
  await scripted.connection.when(() => scripted.connection.closed);
  assertStringIncludes(scripted.connection.output, "data:first\n\n");
  assertStringIncludes(scripted.connection.output, "data:second\n\n");
  assertEquals(scripted.connection.output.endsWith("0\r\n\r\n"), false);
});

Deno.test("formatEvent() keeps the lines of data, and refuses them where they would forge fields", () => {
  assertEquals(
    formatEvent({ comment: "a\nb", data: "1\r\n2\r3\n", retry: 5 }),
    ":a\n:b\ndata:1\ndata:2\ndata:3\ndata:\nretry:5\n\n",
  );
  assertThrows(() => formatEvent({ event: "a\ndata:forged" }), TypeError);
  assertThrows(() => formatEvent({ id: "1\rid:2" }), TypeError);
});
