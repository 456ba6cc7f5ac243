import { assertEquals, assertStringIncludes } from "@std/assert";
import { giveWord } from "../../../lib/client/mod.ts";
import { makeWatching } from "../../support/watched_world.ts";
import { WatchingClient } from "../../support/watching_client.ts";

const fourteen = Object.fromEntries(Array.from({ length: 14 }, (_, number) => [`f${number}`, `${number}`]));

Deno.test("watch() goes by what giveWord() says, for one run", async () => {
  await using world = await makeWatching({ files: { ...fourteen, stays: "s" } });
  const { client, folder, temp, server } = world;
  await client.synced(({ revision }) => revision === 1);
  const removeAll = (): void => Object.keys(fourteen).forEach((name) => Deno.removeSync(`${temp.path}/${name}`));
  const failsAgain = async (): Promise<string> => {
    folder.tell("missed");
    return (await client.heard("failed")).failure.message;
  };
  removeAll();
  assertStringIncludes(await failsAgain(), "This would delete 14 of 15 files");
  assertEquals(giveWord(temp.path, { confirmDeletes: 13 }), true);
  assertStringIncludes(await failsAgain(), "This would delete 14 of 15 files");
  assertEquals(giveWord(temp.path, { confirmDeletes: 14 }, { remote: "http://another" }), false);
  assertStringIncludes(await failsAgain(), "This would delete 14 of 15 files");
  assertEquals(giveWord(temp.path, { confirmDeletes: 14 }, { remote: `${server.url}/`, space: "default" }), true);
  folder.tell("missed");
  await client.synced(({ revision }) => revision === 2);
  temp.write(fourteen);
  folder.tell("missed");
  await client.synced(({ revision }) => revision === 3);
  removeAll();
  assertStringIncludes(await failsAgain(), "This would delete 14 of 15 files");
});

Deno.test("watch() does not go by what was said to one before it, and giveWord() says where none is at work", async () => {
  await using world = await makeWatching({ files: { ...fourteen, stays: "s" } });
  const { client, temp, server } = world;
  await client.synced();
  assertEquals(giveWord(temp.path, { confirmDeletes: 14 }), true);
  const word = await Deno.readTextFile(`${temp.path}/.dfs/word`);
  await client.end();
  assertEquals(giveWord(temp.path, { confirmDeletes: 14 }), false);
  await Deno.writeTextFile(`${temp.path}/.dfs/word`, word);
  for (const name of Object.keys(fourteen)) Deno.removeSync(`${temp.path}/${name}`);
  await using again = new WatchingClient(temp.path, server.url);
  assertEquals((await again.heard("failed")).failure.kind, "refused");
});
