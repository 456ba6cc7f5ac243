import { assertEquals, assertStrictEquals } from "@std/assert";
import { Failure, isNoSpace, platformFailure } from "../../lib/core/mod.ts";

Deno.test("Failure carries kind, sentence, hint, details and cause", () => {
  const cause = new Error("x");
  const failure = new Failure("refused", "No", { hint: "Say yes", details: ["a"], cause });
  assertEquals([failure.kind, failure.message, failure.hint, failure.details], ["refused", "No", "Say yes", ["a"]]);
  assertStrictEquals(failure.cause, cause);
  const bare = new Failure("io", "No");
  assertEquals([bare.hint, bare.details, "cause" in bare], [undefined, [], false]);
});

const told: Record<string, { cause: unknown; kind: string; message: string }> = {
  "a full disk": {
    cause: Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" }),
    kind: "no_space",
    message: 'Cannot write "f": the disk is full',
  },
  "an exceeded quota": {
    cause: new Error("Disk quota exceeded (os error 122)"),
    kind: "no_space",
    message: 'Cannot write "f": the disk is full',
  },
  "what is missing": {
    cause: new Deno.errors.NotFound("os error 2"),
    kind: "not_found",
    message: 'Cannot write "f": it does not exist',
  },
  "what the platform denies": {
    cause: new Deno.errors.PermissionDenied("os error 13"),
    kind: "io",
    message: 'Cannot write "f": permission denied',
  },
  "what the user denies": {
    cause: new Deno.errors.NotCapable("Requires write access"),
    kind: "io",
    message: 'Cannot write "f": permission denied',
  },
  "any other error": {
    cause: new Error("Bad (os error 5)"),
    kind: "io",
    message: 'Cannot write "f": Bad (os error 5)',
  },
  "what is no error at all": { cause: "bad", kind: "io", message: 'Cannot write "f": bad' },
};

for (const [what, { cause, kind, message }] of Object.entries(told)) {
  Deno.test(`platformFailure() tells of ${what}`, () => {
    const failure = platformFailure('write "f"', cause);
    assertEquals([failure.kind, failure.message], [kind, message] as [typeof failure.kind, string]);
    assertStrictEquals(failure.cause, cause);
  });
}

Deno.test("platformFailure() gives a Failure as it is", () => {
  const failure = new Failure("corrupt", "Broken");
  assertStrictEquals(platformFailure("read", failure), failure);
});

Deno.test("isNoSpace() knows a full disk by code and by text, and nothing else", () => {
  assertEquals(isNoSpace(Object.assign(new Error("x"), { code: "EDQUOT" })), true);
  assertEquals(isNoSpace(new Error("write failed: os error 28")), true);
  for (const cause of [new Error("os error 280"), new Error("os error 2"), "ENOSPC", undefined, { code: "ENOSPC" }]) {
    assertEquals(isNoSpace(cause), false);
  }
});
