import { MemoryMetadataStore } from "../../../lib/metadata/mod.ts";
import { metadataStoreContract } from "../../contracts/metadata_store_contract.ts";

metadataStoreContract("MemoryMetadataStore", () => {
  const store = new MemoryMetadataStore();
  return Promise.resolve({ store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
});
