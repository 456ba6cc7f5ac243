import { assert, assertEquals } from "@std/assert";
import { editFolder } from "../support/edit_folder.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { Relay } from "../support/relay.ts";
import { Replica } from "../support/replica.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { startServer } from "../support/test_server.ts";

const seeds = 12;
const roundsEach = 6;

for (let seed = 1; seed <= seeds; seed++) {
  Deno.test(`push() and pull() make any two folders equal, and then have nothing to do (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    await using server = await startServer();
    await using relay = new Relay(server.url);
    await using a = await Replica.make(server.url);
    await using b = await Replica.make(server.url);
    let force = false;
    for (let round = 0; round < roundsEach; round++) {
      editFolder(a.path, random, { edits: 1 + random.below(40), bytesMax: 600_000 });
      const confirmDeletes = 1000;
      const pushed = await a.push({ confirmDeletes });
      assertEquals([pushed.problems, pushed.synchronized], [[], true]);
      const pulled = await b.pull({ confirmDeletes, force });
      assertEquals([pulled.problems, pulled.synchronized, pulled.root], [[], true, pushed.root]);
      assertEquals(folderFacts(b.path), folderFacts(a.path), `round ${round}`);
      relay.heal();
      const again = [await a.push({ url: relay.url }), await b.pull({ url: relay.url })];
      for (const { changes, sentBytes, fetchedBytes, revision } of again) {
        assertEquals([changes, sentBytes + fetchedBytes, revision], [[], 0, pushed.revision]);
      }
      assert(relay.up + relay.down < 2000, `${relay.up + relay.down} bytes were moved for nothing`);
      // Without state, what changed since looks as if it never had been pushed.
      force = random.below(3) === 0;
      if (force) b.forget();
    }
  });
}
