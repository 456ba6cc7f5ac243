import { MemoryMetadataStore } from "../../../lib/metadata/mod.ts";
import { MemoryMetadataRepository } from "../../../lib/metadata/repository/mod.ts";
import { metadataRepositoryContract } from "../../contracts/metadata_repository_contract.ts";

metadataRepositoryContract("MemoryMetadataRepository", () => {
  const store = new MemoryMetadataStore();
  const repository = new MemoryMetadataRepository(store);
  return Promise.resolve({ store, repository, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() });
});
