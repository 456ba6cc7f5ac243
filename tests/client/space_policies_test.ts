import { assert, assertEquals } from "@std/assert";
import { type ConflictRules, conflictRulesBytesMax } from "../../lib/metadata/mod.ts";
import { readHead } from "../../lib/client/remote/read_head.ts";
import { Relay } from "../support/relay.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

/** Sets what a space says about conflicts. */
async function setPolicies(url: string, { rules, default: fallback = "manual" }: ConflictRules): Promise<void> {
  const body = JSON.stringify({ rules, default: fallback });
  const response = await fetch(`${url}/api/spaces/default/conflicts`, { method: "PUT", body });
  assertEquals(response.status, 200, await response.text());
}

const spaceSays: ConflictRules = { rules: [{ pattern: "*.md", policy: "merge" }], default: "manual" };

/** What becomes of conflicts at a text, and at something else, where space and client say different things. */
async function outcomes(client: ConflictRules | undefined): Promise<readonly string[]> {
  await using server = await startServer();
  await setPolicies(server.url, spaceSays);
  await using a = await Replica.make(server.url, { "docs/a.md": "1\n2\n3\n4\n5\n", "b": "old" });
  await using b = await Replica.make(server.url);
  await a.sync();
  await b.sync();
  a.write({ "docs/a.md": "one\n2\n3\n4\n5\n", "b": "of a" });
  b.write({ "docs/a.md": "1\n2\n3\n4\nfive\n", "b": "of b, longer" });
  await a.sync();
  const { conflicts } = await b.sync(client === undefined ? {} : { conflicts: client });
  return conflicts.map(({ outcome, copy }) => copy === undefined ? outcome : "both kept").reverse();
}

Deno.test("sync() goes by what the space says about conflicts, without a word of its own", async () => {
  assertEquals(await outcomes(undefined), ["merged", "manual"]);
});

Deno.test("sync() puts its own patterns before those of the space, and these before its own default", async () => {
  assertEquals(await outcomes({ rules: [{ pattern: "/docs/**", policy: "manual" }] }), ["manual", "manual"]);
  assertEquals(await outcomes({ rules: [], default: "keep-both" }), ["merged", "both kept"]);
  assertEquals(await outcomes({ rules: [{ pattern: "*", policy: "keep-both" }] }), ["both kept", "both kept"]);
});

Deno.test("sync() takes the later write where neither client nor space says anything", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url, { "f": "of a" });
  await using b = await Replica.make(server.url, { "f": "of b" });
  await a.sync();
  const { conflicts } = await b.sync();
  assertEquals(conflicts.map(({ policy }) => policy), ["last-write-wins"]);
});

Deno.test("a run that finds nothing to do moves less than 2 KB, as much as the space may say", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  await using a = await Replica.make(server.url, { "f": "1" });
  await a.sync();
  const bytes = (pattern: string): number =>
    JSON.stringify({ rules: [{ pattern, policy: "merge" }], default: "manual" }).length;
  const pattern = "x".repeat(conflictRulesBytesMax - bytes(""));
  await setPolicies(server.url, { rules: [{ pattern, policy: "merge" }], default: "manual" });
  for (const run of ["push", "sync"] as const) {
    relay.heal();
    assertEquals((await a[run]({ url: relay.url })).changes, []);
    assert(relay.down > pattern.length && relay.up + relay.down < 2000, `${relay.up} up, ${relay.down} down`);
  }
});

Deno.test("readHead() takes a policy that it does not know for manual, and refuses what is none", () => {
  const head = { space: "s", revision: 3, root: "0".repeat(64), files: 0, entries: 0, bytes: 0, committedAtMs: 0 };
  assertEquals(readHead(head), { ok: true, value: head } as never);
  const told = readHead({ ...head, conflicts: { rules: [{ pattern: "*.md", policy: "ask-me" }] } });
  assertEquals(told.ok && told.value.conflicts, { rules: [{ pattern: "*.md", policy: "manual" }] });
  for (const conflicts of [null, 1, [], { rules: [{ policy: "merge" }] }]) {
    assertEquals(readHead({ ...head, conflicts }).ok, false, JSON.stringify(conflicts));
  }
  assertEquals(readHead({ ...head, revision: -1 }).ok, false);
});
