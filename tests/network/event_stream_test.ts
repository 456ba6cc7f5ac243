import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ServerSentEventMessage } from "@std/http";
import { eventStream } from "../../lib/network/mod.ts";
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
