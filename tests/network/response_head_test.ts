import { assertEquals, assertThrows } from "@std/assert";
import { formatResponseHead, formatTrailers, responseField } from "../../lib/network/response_head.ts";
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

Deno.test("formatResponseHead() writes constant fields anew when the status or the date differ", () => {
  const headers = Object.freeze({ "X-A": "b" });
  const head = (status: number, date: string) =>
    formatResponseHead({ status, headers, length: 0, chunked: false, connection: undefined, date });
  const written = [head(200, "now"), head(404, "now"), head(404, "later"), head(200, "now")];
  const start = (status: string, date: string) =>
    `HTTP/1.1 ${status}\r\nDate: ${date}\r\nX-A: b\r\nContent-Length: 0\r\n\r\n`;
  const expected = [start("200 OK", "now"), start("404 Not Found", "now"), start("404 Not Found", "later")];
  assertEquals(written, [...expected, expected[0]]);
});
