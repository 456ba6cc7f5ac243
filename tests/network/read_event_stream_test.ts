import { assertEquals, assertRejects } from "@std/assert";
import {
  eventBlockUnitsMax,
  EventStreamError,
  readEventStream,
  type ReceivedEvent,
} from "../../lib/network/read_event_stream.ts";

const cases: readonly { readonly name: string; readonly text: string; readonly blocks: readonly ReceivedEvent[] }[] = [
  { name: "nothing", text: "", blocks: [] },
  { name: "lines of data", text: "data: a\ndata:b\ndata\n\n", blocks: [{ data: "a\nb\n" }] },
  { name: "only one space", text: "data:  a\n\n", blocks: [{ data: " a" }] },
  {
    name: "all fields",
    text: "id: 7\nevent: e\nretry: 10\ndata: d\n\n",
    blocks: [{ id: "7", event: "e", retry: 10, data: "d" }],
  },
  {
    name: "every end of line",
    text: "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
    blocks: [{ data: "a" }, { data: "b" }, { data: "c" }],
  },
  { name: "an end of line that may be half of one", text: "data: a\r\r", blocks: [{ data: "a" }] },
  { name: "comments", text: ": one\n\n:\nid: 3\n\n", blocks: [{}, { id: "3" }] },
  { name: "an id that is taken back", text: "id\ndata: a\n\n", blocks: [{ id: "", data: "a" }] },
  { name: "fields that are none", text: "retry: soon\nid: a\0b\nother: x\ndata: a\n\n", blocks: [{ data: "a" }] },
  { name: "a colon in the value", text: "data: a:b\n\n", blocks: [{ data: "a:b" }] },
  { name: "letters of several bytes", text: "data: ä💾\n\n", blocks: [{ data: "ä💾" }] },
  { name: "a last block without an end", text: "data: a\n\ndata: b\n", blocks: [{ data: "a" }] },
];

for (const { name, text, blocks } of cases) {
  Deno.test(`readEventStream() reads ${name}, whole and byte by byte`, async () => {
    const bytes = new TextEncoder().encode(text);
    assertEquals(await Array.fromAsync(readEventStream(new Blob([bytes]).stream())), [...blocks]);
    assertEquals(await Array.fromAsync(readEventStream(byteByByte(bytes))), [...blocks]);
  });
}

Deno.test("readEventStream() refuses a block that does not end", async () => {
  const piece = new TextEncoder().encode(`data: ${"x".repeat(eventBlockUnitsMax)}`);
  await assertRejects(() => Array.fromAsync(readEventStream(new Blob([piece]).stream())), EventStreamError);
});

async function* byteByByte(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}
