import { MemoryChunkStore } from "../../lib/storage/mod.ts";
import { chunkCollectionContract } from "../contracts/chunk_collection_contract.ts";
import { chunkStoreContract } from "../contracts/chunk_store_contract.ts";

chunkStoreContract("MemoryChunkStore", () => {
  const store = new MemoryChunkStore();
  return Promise.resolve({ store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
});

chunkCollectionContract("MemoryChunkStore", (clock) => {
  const store = new MemoryChunkStore(clock);
  return Promise.resolve({ store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
});
