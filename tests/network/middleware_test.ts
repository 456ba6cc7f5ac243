import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  after,
  before,
  type HttpHandler,
  type HttpRequest,
  onError,
  text,
  wrapHandler,
} from "../../lib/network/mod.ts";

const request = { path: "/" } as HttpRequest;
const throwing: HttpHandler = () => {
  throw new RangeError("sync");
};

Deno.test("before() answers itself or goes on, now or later", async () => {
  const handler = () => text("handler");
  const body = async (look: Parameters<typeof before>[0]) => (await wrapHandler(handler, [before(look)])(request)).body;
  assertEquals(await body(() => undefined), "handler");
  assertEquals(await body(() => text("first")), "first");
  assertEquals(await body(() => Promise.resolve(undefined)), "handler");
  assertEquals(await body(() => Promise.resolve(text("later"))), "later");
});

Deno.test("after() changes what handlers give, now or later", async () => {
  const change = after((response) => ({ ...response, status: 201 }));
  assertEquals((await wrapHandler(() => text(""), [change])(request)).status, 201);
  assertEquals((await wrapHandler(() => Promise.resolve(text("")), [change])(request)).status, 201);
});

Deno.test("onError() answers for what handlers throw, and may throw again", async () => {
  const answer = onError((error) => {
    if (error instanceof RangeError) return text(error.message);
    throw error;
  });
  assertEquals((await wrapHandler(throwing, [answer])(request)).body, "sync");
  assertEquals((await wrapHandler(() => Promise.reject(new RangeError("async")), [answer])(request)).body, "async");
  assertEquals((await wrapHandler(() => text("fine"), [answer])(request)).body, "fine");
  await assertRejects(
    async () => await wrapHandler(() => Promise.reject(new TypeError("x")), [answer])(request),
    TypeError,
  );
});

Deno.test("wrapHandler() puts the first middleware outermost", () => {
  const error = onError(() => text("caught"));
  assertEquals(
    (wrapHandler(throwing, [error, after((response) => response)])(request) as { body: string }).body,
    "caught",
  );
  assertThrows(() => wrapHandler(throwing, [])(request), RangeError);
});
