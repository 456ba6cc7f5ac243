import { MemorySessionStore } from "../../../lib/metadata/sessions/mod.ts";
import { sessionStoreContract } from "../../contracts/session_store_contract.ts";

sessionStoreContract("MemorySessionStore", () => {
  const store = new MemorySessionStore();
  return Promise.resolve({ store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
});
