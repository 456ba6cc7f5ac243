import { MemoryReplicaStore } from "../../../lib/metadata/replicas/mod.ts";
import { replicaStoreContract } from "../../contracts/replica_store_contract.ts";

replicaStoreContract("MemoryReplicaStore", () => Promise.resolve(new MemoryReplicaStore()));
