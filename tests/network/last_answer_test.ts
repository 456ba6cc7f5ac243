import { assertEquals, assertStringIncludes } from "@std/assert";
import { empty, type HttpHandler, type HttpResponse, text } from "../../lib/network/mod.ts";
import { LastAnswer } from "../../lib/network/last_answer.ts";
import { serveScripted } from "./support.ts";

const get = { method: "GET", minor: 1, keepAlive: true } as const;

function find(last: LastAnswer, body: string, options: Parameters<LastAnswer["find"]>[1] = get): string | undefined {
  const bytes = last.find(body, options);
  return bytes && new TextDecoder().decode(bytes);
}

Deno.test("LastAnswer finds an answer that was noted twice in a row, and no other", () => {
  const last = new LastAnswer();
  last.note("a", get, () => "head a");
  assertEquals(find(last, "a"), undefined);
  last.note("b", get, () => "head b");
  last.note("a", get, () => "head a");
  assertEquals(find(last, "a"), undefined);
  last.note("a", get, () => "head a");
  assertEquals(find(last, "a"), "head a");
  assertEquals(find(last, "b"), undefined);
  last.note("b", get, () => "head b");
  assertEquals(find(last, "a"), undefined);
});

Deno.test("LastAnswer tells answers apart by what the connection does after them, by version, and HEAD", () => {
  const last = new LastAnswer();
  last.note("a", get, () => "head a");
  last.note("a", get, () => "head a");
  for (const other of [{ ...get, method: "HEAD" }, { ...get, minor: 0 as const }, { ...get, keepAlive: false }]) {
    assertEquals(find(last, "a", other), undefined);
  }
});

Deno.test("HttpConnection answers the same way however often and in whatever order answers come again", async () => {
  const answers: Record<string, HttpResponse> = {
    "/a": text("a"),
    "/b": text("b"),
    "/c": text("\u00fc"),
    "/d": text("a", { status: 404 }),
    "/e": { ...text("a"), status: 304 },
    "/f": { ...text("a"), headers: Object.freeze({ Connection: "close" }) },
    "/g": empty({ status: 200 }),
  };
  const handler: HttpHandler = (request) => answers[request.path]!;
  const ask = async (method: string, path: string, version: string, fields: string): Promise<string> => {
    await using scripted = serveScripted(handler);
    await scripted.connection.send(`${method} ${path} HTTP/${version}\r\nHost: a\r\n${fields}\r\n`);
    return scripted.connection.output;
  };
  const requests = ["GET", "HEAD"].flatMap((method) =>
    Object.keys(answers).flatMap((path) =>
      ["1.0", "1.1"].flatMap((version) =>
        ["", "Connection: close\r\n", "Connection: keep-alive\r\n"].map((fields) =>
          [method, path, version, fields] as const
        )
      )
    )
  );
  const first = new Map<string, string>();
  // Each once, then each several times in a row, then in another order.
  for (const request of [...requests, ...requests.flatMap((one) => [one, one, one, one]), ...requests.toReversed()]) {
    const output = await ask(...request);
    assertStringIncludes(output, "HTTP/1.1 ");
    const key = request.join(" ");
    const known = first.get(key) ?? output;
    first.set(key, known);
    assertEquals(output, known);
  }
});
