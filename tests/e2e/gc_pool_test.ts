import { assert, assertEquals } from "@std/assert";
import { editFolder } from "../support/edit_folder.ts";
import { folderFacts } from "../support/folder_facts.ts";
import { fromSource as dfs } from "../support/program.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("several workers take in pushes while garbage is collected over and over, and nothing is lost", async () => {
  await using temp = await TempFolder.make();
  await using server = await dfs.serve(`${temp.path}/data`, ["--server", "pool", "--workers", "3"]);
  const spaces = ["one", "two", "three"];
  let pushing = spaces.length;
  let [collections, removed] = [0, 0];
  const push = async (space: string, index: number): Promise<void> => {
    const [folder, random] = [temp.folder(space), new SeededRandom(index + 1)];
    const remote = ["--remote", server.url, "--space", space];
    // Until something was removed beside them, however fast they are.
    for (let round = 0; round < 6 || removed === 0; round++) {
      editFolder(folder, random, { edits: 25, bytesMax: 700_000 });
      const pushed = await dfs.run(["push", folder, ...remote, "--confirm-deletes", "100000"]);
      assertEquals(pushed.code, 0, pushed.stderr);
      if (round > 0) continue;
      const rule = await dfs.run(["retention", "--keep-versions", "1", ...remote]);
      assertEquals(rule.code, 0, rule.stderr);
    }
  };
  const pushes = Promise.all(spaces.map((space, index) => push(space, index).finally(() => pushing--)));
  // Some grace: without any, an upload could be collected before its commit each time it is sent again.
  const body = JSON.stringify({ grace_ms: 1500 });
  while (pushing > 0) {
    const response = await fetch(`${server.url}/api/gc`, { method: "POST", body });
    const report = await response.json();
    assertEquals(response.status, 200, JSON.stringify(report));
    collections++;
    removed += report.chunks_removed;
  }
  await pushes;
  assert(collections > 5, `${collections} collections`);
  const verified = await dfs.run(["verify", "--server", "--remote", server.url]);
  assertEquals([verified.code, verified.stderr], [0, ""]);
  for (const space of spaces) {
    const copy = temp.folder(`${space}-copy`);
    const pulled = await dfs.run(["pull", copy, "--remote", server.url, "--space", space]);
    assertEquals(pulled.code, 0, pulled.stderr);
    assertEquals(folderFacts(copy), folderFacts(`${temp.path}/${space}`));
  }
});
