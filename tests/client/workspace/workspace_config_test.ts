import { assertEquals, assertThrows } from "@std/assert";
import { readFolderSettings, readWorkspaceConfig } from "../../../lib/client/workspace/workspace_config.ts";
import { writeWorkspaceConfig } from "../../../lib/client/workspace/workspace_config.ts";
import { Failure } from "../../../lib/core/mod.ts";
import { TempFolder } from "../../support/temp_folder.ts";

Deno.test("writeWorkspaceConfig() sets server and space, and loses nothing that was written there", async () => {
  await using temp = await TempFolder.make({
    ".dfs/config.yaml": "# mine\nlimit_up: 2MB # slow line\nremote: http://a:1\n",
  });
  const path = `${temp.path}/.dfs/config.yaml`;
  assertEquals(readWorkspaceConfig(path), { remote: "http://a:1", space: "default" });
  writeWorkspaceConfig(path, { remote: "http://b:2", space: "s" });
  assertEquals(readWorkspaceConfig(path), { remote: "http://b:2", space: "s" });
  assertEquals(
    Deno.readTextFileSync(path),
    "# mine\nlimit_up: 2MB # slow line\nremote: 'http://b:2'\nspace: s\n",
  );
  assertEquals([...Deno.readDirSync(`${temp.path}/.dfs`)].map(({ name }) => name), ["config.yaml"]);
});

Deno.test("readWorkspaceConfig() gives nothing where no server is named, and refuses what is no configuration", async () => {
  await using temp = await TempFolder.make({
    "none/.dfs/config.yaml": "ignore: [a]\n",
    "bad/.dfs/config.yaml": "remote: http://a:1\nlimit_upp: 1\nfoo: 1\n",
  });
  assertEquals(readWorkspaceConfig(`${temp.path}/none/.dfs/config.yaml`), undefined);
  assertEquals(readWorkspaceConfig(`${temp.path}/missing/config.yaml`), undefined);
  const path = `${temp.path}/bad/.dfs/config.yaml`;
  for (
    const act of [readWorkspaceConfig, (at: string) => writeWorkspaceConfig(at, { remote: "http://b", space: "s" })]
  ) {
    const failure = assertThrows(() => act(path), Failure, `Unknown key "limit_upp" in "${path}"`);
    assertEquals([failure.kind, failure.hint, failure.details.length], ["usage", "Did you mean limit_up?", 1]);
  }
});

Deno.test("readFolderSettings() reads the folder's file, and needs none", async () => {
  await using temp = await TempFolder.make({ ".dfs/config.yaml": "ca_cert: c.pem\nretries: 2\n" });
  const { settings } = readFolderSettings(temp.path, {
    environment: (name) => name === "DFS_RETRIES" ? "3" : undefined,
  });
  assertEquals([settings.caCert, settings.retries, settings.transfers], [`${temp.path}/c.pem`, 3, 3]);
  assertEquals(readFolderSettings(`${temp.path}/missing`).settings.retries, 4);
});
