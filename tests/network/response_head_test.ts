import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  constantHeadStart,
  formatResponseHead,
  formatTrailers,
  headEnd,
  responseField,
} from "../../lib/network/response_head.ts";
import type { ResponseHeaders } from "../../lib/network/mod.ts";

function format(headers: ResponseHeaders | undefined, status = 200): string {
  return formatResponseHead({ status, headers, length: 1, chunked: false, connection: undefined, date: "D" });
}

Deno.test("formatResponseHead() writes fields by name, as lists, and as pairs", () => {
  assertEquals(
    format({ A: "b", C: ["d", "e"] }),
    "HTTP/1.1 200 OK\r\nDate: D\r\nA: b\r\nC: d\r\nC: e\r\nContent-Length: 1\r\n\r\n",
  );
  assertEquals(
    format([["A", "b"], ["A", "c"]]),
    "HTTP/1.1 200 OK\r\nDate: D\r\nA: b\r\nA: c\r\nContent-Length: 1\r\n\r\n",
  );
  assertEquals(format(undefined, 299), "HTTP/1.1 299 \r\nDate: D\r\nContent-Length: 1\r\n\r\n");
});

Deno.test("formatResponseHead() leaves the server's own fields to the server", () => {
  const headers = { "content-length": "9", "Transfer-Encoding": "x", Connection: "y", Date: "z" };
  assertEquals(format(headers), "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 1\r\n\r\n");
});

Deno.test("formatResponseHead() refuses what would end a line early, and statuses that are none", () => {
  for (const value of ["a\r\nb", "a\nb", "a\rb", "a\0b", "\u00e4", "\u010a"]) {
    assertThrows(() => format({ A: value }), TypeError);
    assertThrows(() => format({ [value]: "a" }), TypeError);
  }
  assertThrows(() => format({ "": "a" }), TypeError);
  for (const status of [100, 199, 600, 200.5, NaN]) assertThrows(() => format(undefined, status), TypeError);
});

Deno.test("formatTrailers() and responseField() treat fields alike", () => {
  assertEquals(formatTrailers({ A: "b" }), "A: b\r\n");
  assertEquals(responseField([["X-Y", "1"]], "x-y"), "1");
  assertEquals(responseField({ "X-Y": "1" }, "x-y"), "1");
  assertEquals(responseField({ "X-Z": "1" }, "x-y"), undefined);
});

Deno.test("constantHeadStart() and headEnd() give together what formatResponseHead() writes", () => {
  const headers = Object.freeze({ "X-A": "b", "X-C": "d" });
  for (const length of [undefined, 0, 13, 13, 1023, 1024, 1e9]) {
    for (const chunked of [false, true]) {
      for (const connection of [undefined, "close", "keep-alive"] as const) {
        const options = { status: 200, headers, length, chunked, connection, date: "now" };
        const parts = [constantHeadStart(options)?.bytes, headEnd(options)].map((bytes) =>
          new TextDecoder().decode(bytes)
        );
        assertEquals(parts.join(""), formatResponseHead(options));
      }
    }
  }
});

Deno.test("constantHeadStart() writes anew when the status or the date differ", () => {
  const headers = Object.freeze({ "X-A": "b" });
  const start = (status: number, date: string) => constantHeadStart({ status, headers, date });
  const first = start(200, "now");
  assertStrictEquals(start(200, "now"), first);
  const texts = [start(404, "now"), start(404, "later"), start(200, "now")].map((begun) =>
    new TextDecoder().decode(begun?.bytes)
  );
  assertEquals(texts, [
    "HTTP/1.1 404 Not Found\r\nDate: now\r\nX-A: b\r\n",
    "HTTP/1.1 404 Not Found\r\nDate: later\r\nX-A: b\r\n",
    "HTTP/1.1 200 OK\r\nDate: now\r\nX-A: b\r\n",
  ]);
});

Deno.test("constantHeadStart() takes no fields that can change, and none that cannot be sent", () => {
  const start = (headers: ResponseHeaders | undefined) => constantHeadStart({ status: 200, headers, date: "now" });
  for (const headers of [undefined, { A: "b" }, Object.freeze({ A: ["b"] }), Object.freeze([["A", "b"] as const])]) {
    assertEquals(start(headers), undefined);
  }
  assertThrows(() => start(Object.freeze({ A: "b\nc" })), TypeError);
});
