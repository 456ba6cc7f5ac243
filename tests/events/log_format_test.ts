import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatLogJson, formatLogText, type LogRecord } from "../../lib/events/mod.ts";

const record: LogRecord = {
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  level: "warn",
  message: "conflict.detected",
  fields: { space: "default", path: "a b/ü.txt", size: 12, nested: { a: [1, null] }, none: undefined },
};

Deno.test("formatLogText() writes a line for people", () => {
  assertEquals(
    formatLogText(record),
    '2026-01-02T03:04:05.006Z WARN  conflict.detected space=default path="a b/ü.txt" size=12 nested={"a":[1,null]}',
  );
});

Deno.test("formatLogJson() writes one JSON object, whose own names no field can take", () => {
  assertEquals(JSON.parse(formatLogJson({ ...record, fields: { ...record.fields, level: "debug", time: "never" } })), {
    time: "2026-01-02T03:04:05.006Z",
    level: "warn",
    message: "conflict.detected",
    space: "default",
    path: "a b/ü.txt",
    size: 12,
    nested: { a: [1, null] },
  });
});

Deno.test("both formats write one line, and the one for people holds nothing a terminal would obey", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\r\n2026 INFO forged", "\x1b[2J", "\x9b31m", "\u202egnp.exe", "\u2028", "\x7f", "\0"),
  );
  fc.assert(fc.property(text, text, text, (message, name, value) => {
    const nasty: LogRecord = { ...record, message, fields: { [name]: value, deep: { value } } };
    const line = formatLogText(nasty);
    assert(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line), JSON.stringify(line));
    assert(!/[\r\n]/.test(formatLogJson(nasty)));
  }));
});
