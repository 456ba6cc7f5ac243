import { assert, assertEquals } from "@std/assert";
import { folderFacts } from "../support/folder_facts.ts";
import { fromSource as dfs, type ServerProcess } from "../support/program.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** Asks a server for something of its maintenance; `undefined` if it ended before it could answer. */
async function ask(server: ServerProcess, path: string, body: unknown): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    const data = await response.json();
    assertEquals(response.status, 200, JSON.stringify(data));
    return data;
  } catch (cause) {
    if (cause instanceof TypeError) return undefined;
    throw cause;
  }
}

function packBytes(folder: string): number {
  const packs = [...Deno.readDirSync(`${folder}/chunks/packs`)];
  return packs.reduce((sum, { name }) => sum + Deno.statSync(`${folder}/chunks/packs/${name}`).size, 0);
}

Deno.test("a server that is ended with SIGKILL in the middle of collecting garbage loses nothing that a version names", async () => {
  const random = new SeededRandom(20_261_122);
  await using temp = await TempFolder.make();
  const [here, there, data] = [temp.folder("here"), temp.folder("there"), `${temp.path}/data`];
  const files = Array.from({ length: 30 }, (_, index) => `${here}/${index}`);
  for (const file of files) Deno.writeFileSync(file, random.bytes(400_000));
  let server = await dfs.serve(data);
  // The same address after each restart: a client takes another one for another server.
  const port = ["--port", new URL(server.url).port];
  try {
    const rule = await dfs.run(["retention", "--keep-versions", "2", "--remote", server.url]);
    assertEquals([rule.code, rule.stdout], [0, "Keeps the newest 2 versions of each path\n"]);
    let cut = 0;
    for (let round = 0; round < 7; round++) {
      const push = await dfs.run(["push", here, "--remote", server.url]);
      assertEquals(push.code, 0, push.stderr);
      const collecting = ask(server, "/api/gc", { grace_ms: 0 });
      await new Promise((resolve) => setTimeout(resolve, 2 + random.below(120)));
      await server.end("SIGKILL");
      if (await collecting === undefined) cut++;
      server = await dfs.serve(data, port);
      const report = await ask(server, "/api/verify", {});
      assertEquals(report?.["damage"], [], `round ${round}`);
      for (const file of files) if (random.below(2) === 0) Deno.writeFileSync(file, random.bytes(400_000));
    }
    assert(cut >= 3, `${cut} of 7 collections were cut off`);
    assertEquals((await dfs.run(["push", here, "--remote", server.url])).code, 0);
    const gc = await dfs.run(["gc", "--grace", "0", "--remote", server.url]);
    assertEquals([gc.code, gc.stderr], [0, ""]);
    assert(packBytes(data) < 36_000_000, `${packBytes(data)} bytes for two versions of 12 MB`);
    const pull = await dfs.run(["pull", there, "--remote", server.url]);
    assertEquals(pull.code, 0, pull.stderr);
    assertEquals(folderFacts(there), folderFacts(here));
    const verified = await dfs.run(["verify", "--server", "--remote", server.url]);
    assertEquals([verified.code, verified.stderr], [0, ""]);
  } finally {
    await server[Symbol.asyncDispose]();
  }
});
