import { assertEquals } from "@std/assert";
import { turn } from "../../support/fake_time.ts";
import { Replica } from "../../support/replica.ts";
import { makeWatching } from "../../support/watched_world.ts";

/** How often is asked for what is new while nobody tells of it, in milliseconds. */
const pollMs = 15_000;

Deno.test("watch() makes no run of what it wrote itself, and one of what is edited in the same place", async () => {
  await using world = await makeWatching();
  const { client, time, folder, temp, server, remote } = world;
  await client.synced();
  await using other = await Replica.make(server.url);
  await other.sync();
  other.write({ a: "2", "d/b": "b" });
  await other.sync();
  await time.pass(pollMs);
  assertEquals((await client.synced(({ revision }) => revision === 2)).changes.length, 3);
  const { heads } = remote;
  const seen = async (): Promise<void> => {
    folder.tell("changed");
    await time.until(20);
    await time.pass(20);
  };
  await seen();
  await seen();
  await turn();
  assertEquals(remote.heads, heads);
  temp.write({ a: "3!" });
  await seen();
  const { changes } = await client.synced(({ revision }) => revision === 3);
  assertEquals([changes.map(({ path }) => path), remote.heads - heads], [["a"], 1]);
});
