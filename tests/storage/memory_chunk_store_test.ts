import { MemoryChunkStore } from "../../lib/storage/mod.ts";
import { chunkStoreContract } from "../contracts/chunk_store_contract.ts";

chunkStoreContract("MemoryChunkStore", () => {
  const store = new MemoryChunkStore();
  return Promise.resolve({ store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
});
