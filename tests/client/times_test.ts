import { assert, assertEquals } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import { Relay } from "../support/relay.ts";
import { Replica } from "../support/replica.ts";
import { startServer } from "../support/test_server.ts";

Deno.test("push() with all times touched sends times and no content", async () => {
  await using server = await startServer();
  await using relay = new Relay(server.url);
  const text = "some content that would be seen on the wire ".repeat(100);
  await using a = await Replica.make(server.url, { "f": text, "g": text + "g", "dir/h": text + "h" });
  await using b = await Replica.make(server.url);
  await a.push();
  await b.pull();
  for (const path of ["f", "g", "dir/h"]) Deno.utimeSync(a.at(path), 1_700_000_000, 1_700_000_000);
  const pushed = await a.push({ url: relay.url });
  assertEquals(pushed.changes.map(({ change }) => change), ["touched", "touched", "touched"]);
  assertEquals(pushed.sentBytes, 0);
  assert(relay.up < 2000, `${relay.up} bytes were sent`);
  const inodes = ["f", "g", "dir/h"].map((path) => Deno.lstatSync(b.at(path)).ino);
  const pulled = await b.pull({ url: relay.url });
  assertEquals([pulled.fetchedBytes, pulled.synchronized], [0, true]);
  assertEquals(["f", "g", "dir/h"].map((path) => Deno.lstatSync(b.at(path)).ino), inodes);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
});

const times = {
  "1970": 0,
  "just before 1970": -1,
  "1969": -86_400_123,
  "a year ago": -365 * 86_400_000,
  "a year ahead": 365 * 86_400_000,
  "2100": 4_102_444_800_123,
};

Deno.test("push() and pull() keep times to the millisecond, before 1970 and after 2038 too", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url);
  await using b = await Replica.make(server.url);
  for (const [name, time] of Object.entries(times)) {
    a.write({ [name]: name });
    const at = new Date(name.includes("year") ? Date.now() + time : time);
    Deno.utimeSync(a.at(name), at, at);
  }
  await a.push();
  const report = await b.pull();
  assertEquals(report.problems, []);
  assertEquals(folderFacts(b.path), folderFacts(a.path));
  assertEquals((await a.push()).changes, []);
  assertEquals((await b.pull()).changes, []);
});

Deno.test("push() notices every edit though the clock of the files stands still or runs backwards", async () => {
  await using server = await startServer();
  await using a = await Replica.make(server.url);
  await using b = await Replica.make(server.url);
  for (const [index, text] of ["one", "two", "six", "ten"].entries()) {
    Deno.writeTextFileSync(a.at("f"), text);
    Deno.utimeSync(a.at("f"), 2_000_000_000 - index % 2, 2_000_000_000 - index % 2);
    await a.push();
    await b.pull();
    assertEquals(b.tree(), { "f": text });
  }
});

Deno.test({
  name: "push(), pull() and sync() keep times to the nanosecond on Linux",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using server = await startServer();
    await using a = await Replica.make(server.url, { "f": "content", "d/g": "" });
    await using b = await Replica.make(server.url);
    const stat = async (...args: string[]) => {
      return new TextDecoder().decode((await new Deno.Command("stat", { args }).output()).stdout).trim();
    };
    await new Deno.Command("touch", { args: ["-d", "2024-02-29 12:34:56.123456789 UTC", a.at("f")] }).output();
    await new Deno.Command("touch", { args: ["-d", "1931-02-28 12:34:56.000000001 UTC", a.at("d/g")] }).output();
    await a.push();
    await b.pull();
    for (const path of ["f", "d/g"]) {
      assertEquals(await stat("--format=%.9Y", b.at(path)), await stat("--format=%.9Y", a.at(path)), path);
    }
    // Nothing but a nanosecond differs.
    await new Deno.Command("touch", { args: ["-d", "2024-02-29 12:34:56.123456788 UTC", b.at("f")] }).output();
    assertEquals((await b.sync()).changes.map(({ path, change }) => `${change} ${path}`), ["touched f"]);
    assertEquals((await a.sync()).changes.map(({ path, change }) => `${change} ${path}`), ["touched f"]);
    assertEquals(await stat("--format=%.9Y", a.at("f")), await stat("--format=%.9Y", b.at("f")));
    assertEquals([(await a.sync()).changes, (await b.sync()).changes], [[], []]);
  },
});
