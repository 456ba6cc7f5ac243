import { assert, assertEquals } from "@std/assert";
import { redact, redactedText, redactValue } from "../../lib/events/mod.ts";

const secret = "s3cr3t-V4lue_0";

Deno.test("redact() takes secrets out of a text", () => {
  const texts = [
    `Authorization: Bearer ${secret}`,
    `authorization=Basic ${secret}`,
    `GET /api/events?token=${secret}&space=a`,
    `https://user:${secret}@host/path`,
    `password: ${secret}`,
    `{"access_token":"${secret}","x":1}`,
    `api-key='${secret}'`,
    `Set-Cookie: ${secret}; Path=/`,
    `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\n${secret}`,
  ];
  for (const text of texts) {
    assert(!redact(text).includes(secret), redact(text));
    assert(redact(text).includes(redactedText), redact(text));
    assertEquals(redact(redact(text)), redact(text));
  }
});

Deno.test("redact() leaves other texts alone", () => {
  for (
    const text of ["sync.completed", "https://host:8080/a@b", "3 tokens issued", "path/to/secrets.txt", "12:30:45"]
  ) {
    assertEquals(redact(text), text);
  }
});

Deno.test("redactValue() goes by the names of fields, at any depth", () => {
  assertEquals(
    redactValue({
      headers: { Authorization: secret, cookie: [secret], accept: "*/*" },
      items: [{ password: secret }, `Bearer ${secret}`],
      apiKey: secret,
      tokenId: "t1",
      tokens: 3,
      cause: new Error(`token=${secret}`),
      nothing: null,
      missing: undefined,
      privateKey: false,
    }),
    {
      headers: { Authorization: redactedText, cookie: redactedText, accept: "*/*" },
      items: [{ password: redactedText }, `Bearer ${redactedText}`],
      apiKey: redactedText,
      tokenId: "t1",
      tokens: 3,
      cause: `Error: token=${redactedText}`,
      nothing: null,
      missing: undefined,
      privateKey: false,
    },
  );
});
