import { openPackStore } from "../../lib/storage/mod.ts";
import { chunkStoreContract } from "../contracts/chunk_store_contract.ts";

chunkStoreContract("PackStore", async () => {
  const directory = await Deno.makeTempDir();
  const store = await openPackStore(directory);
  return {
    store,
    async [Symbol.asyncDispose](): Promise<void> {
      await store[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
});
