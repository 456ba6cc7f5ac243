import { assert, assertEquals } from "@std/assert";
import { FileBody, serveContent } from "../../lib/network/mod.ts";
import { latin1, readResponses, serveScripted, utf8 } from "./support.ts";

const lastModified = new Date("2026-01-02T03:04:05Z");
const date = lastModified.toUTCString();
const etag = '"v1"';
const content = "0123456789abcdefghij";

async function ask(
  fields: readonly string[],
  method = "GET",
  body: () => Uint8Array | FileBody = () => latin1(content),
) {
  await using scripted = serveScripted((request) =>
    serveContent(request, { body: body(), contentType: "text/plain", etag, lastModified })
  );
  await scripted.connection.send([`${method} / HTTP/1.1`, "Host: a", ...fields, "", ""].join("\r\n"));
  await scripted.connection.when(() => readable(scripted.connection.output, method));
  assertEquals(scripted.errors, []);
  return readResponses(scripted.connection.output, [method])[0]!;
}

function readable(output: string, method: string): boolean {
  try {
    return readResponses(output, [method]).length > 0;
  } catch {
    return false;
  }
}

Deno.test("serveContent() gives all of it with its validators", async () => {
  const { status, headers, body } = await ask([]);
  assertEquals([status, body, headers["etag"], headers["last-modified"], headers["accept-ranges"]], [
    200,
    content,
    etag,
    date,
    "bytes",
  ]);
  assertEquals((await ask(["Range: bytes=0-1"], "HEAD")).headers["content-length"], "20");
});

Deno.test("serveContent() gives one range", async () => {
  const { status, headers, body } = await ask(["Range: bytes=5-9"]);
  assertEquals([status, headers["content-range"], headers["content-length"], body], [
    206,
    "bytes 5-9/20",
    "5",
    "56789",
  ]);
});

Deno.test("serveContent() gives several ranges as multipart/byteranges of the announced length", async () => {
  const { status, headers, body } = await ask(["Range: bytes=0-1,5-6,-2"]);
  assertEquals(status, 206);
  const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(headers["content-type"]!)![1]!;
  const part = (range: string, text: string) =>
    `--${boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes ${range}/20\r\n\r\n${text}\r\n`;
  assertEquals(body, part("0-1", "01") + part("5-6", "56") + part("18-19", "ij") + `--${boundary}--\r\n`);
});

Deno.test("serveContent() answers 416 with the size, and ignores a Range that is none", async () => {
  const { status, headers } = await ask(["Range: bytes=20-"]);
  assertEquals([status, headers["content-range"]], [416, "bytes */20"]);
  assertEquals((await ask(["Range: lines=0-1"])).status, 200);
});

Deno.test("serveContent() heeds If-Range by strong comparison", async () => {
  const withRange = async (condition: string) => (await ask(["Range: bytes=0-0", `If-Range: ${condition}`])).status;
  assertEquals(await withRange(etag), 206);
  assertEquals(await withRange('"v2"'), 200);
  assertEquals(await withRange('W/"v1"'), 200);
  assertEquals(await withRange(date), 206);
  assertEquals(await withRange("Thu, 01 Jan 2026 00:00:00 GMT"), 200);
});

Deno.test("serveContent() evaluates preconditions in the order of RFC 9110 section 13.2.2", async () => {
  const later = "Fri, 01 Jan 2027 00:00:00 GMT";
  const earlier = "Thu, 01 Jan 2026 00:00:00 GMT";
  const cases: readonly (readonly [fields: string[], status: number])[] = [
    [["If-None-Match: " + etag], 304],
    [['If-None-Match: "x", W/"v1"'], 304],
    [["If-None-Match: *"], 304],
    [['If-None-Match: "x"'], 200],
    [[`If-Modified-Since: ${date}`], 304],
    [[`If-Modified-Since: ${earlier}`], 200],
    [[`If-Modified-Since: ${later}`, 'If-None-Match: "x"'], 200],
    [["If-Modified-Since: yesterday"], 200],
    [["If-Match: " + etag], 200],
    [['If-Match: "x"'], 412],
    [["If-Match: *"], 200],
    [[`If-Unmodified-Since: ${earlier}`], 412],
    [[`If-Unmodified-Since: ${earlier}`, "If-Match: " + etag], 200],
    [['If-Match: "x"', "If-None-Match: " + etag], 412],
    [["If-None-Match: " + etag, "Range: bytes=0-1"], 304],
  ];
  for (const [fields, status] of cases) assertEquals((await ask(fields)).status, status, fields.join(", "));
});

Deno.test("serveContent() sends files, whole and in parts, and closes them always", async () => {
  const path = await Deno.makeTempFile();
  try {
    const large = "x".repeat(600_000) + "end";
    await Deno.writeFile(path, utf8(large));
    let file = await FileBody.open(path);
    const ask1 = async (fields: readonly string[], method = "GET") => {
      file = await FileBody.open(path);
      return await ask(fields, method, () => file);
    };
    file[Symbol.dispose]();
    assertEquals((await ask1([])).body.length, large.length);
    assertEquals((await ask1(["Range: bytes=-5"])).body, "xxend");
    assert((await ask1(["Range: bytes=0-1,-3"])).body.includes("\r\n\r\nend\r\n--"));
    assertEquals((await ask1([`If-None-Match: ${etag}`])).status, 304);
    assertEquals((await ask1([], "HEAD")).headers["content-length"], String(large.length));
    assertEquals((await ask1(["Range: bytes=900000-"])).status, 416);
  } finally {
    await Deno.remove(path);
  }
});
