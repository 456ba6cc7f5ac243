import { openSqliteStore } from "../../../lib/metadata/mod.ts";
import { metadataStoreContract } from "../../contracts/metadata_store_contract.ts";

metadataStoreContract("SqliteMetadataStore", async () => {
  const folder = await Deno.makeTempDir({ prefix: "dfs-metadata-" });
  const store = openSqliteStore(`${folder}/metadata.db`);
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
});
