import { type Replica, type SyncState, syncStatuses } from "../file_metadata.ts";
import type { Entry, MappingNode } from "./ast.ts";
import { addType, readCount, readText, readWord } from "./field_readers.ts";
import { FirstPlaces } from "./first_places.ts";
import { addMissing, addUnknown } from "./key_problems.ts";
import { replicaKeys, syncStateKeys } from "./metadata_keys.ts";
import type { ProblemList } from "./problem.ts";

/** Where an entry stands that does not say so. */
export const defaultSyncState: SyncState = { status: "pending", replicas: [] };

/**
 * Reads the value of `sync_state`.
 *
 * @returns What could be read; mistakes are in the list.
 */
export function readSyncState(entry: Entry, problems: ProblemList): SyncState {
  const { value } = entry;
  if (value.kind === "null") return defaultSyncState;
  if (value.kind !== "mapping") {
    addType(entry, "a block with the keys status and replicas", problems);
    return defaultSyncState;
  }
  let { status, replicas } = defaultSyncState;
  for (const field of value.entries) {
    if (field.key === "status") {
      if (field.value.kind !== "null") status = readWord(field, syncStatuses, problems) ?? status;
    } else if (field.key === "replicas") replicas = readReplicas(field, problems);
    else addUnknown(field, syncStateKeys, problems);
  }
  return { status, replicas };
}

function readReplicas(entry: Entry, problems: ProblemList): Replica[] {
  const { value } = entry;
  if (value.kind === "null") return [];
  if (value.kind !== "sequence") {
    addType(entry, "a list, each item with the keys node and version", problems);
    return [];
  }
  const replicas: Replica[] = [];
  const nodes = new FirstPlaces();
  for (const item of value.items) {
    if (item.value.kind !== "mapping") {
      addType({ ...item, key: "replicas" }, "a block with the keys node and version", problems);
      continue;
    }
    const replica = readReplica(item.value, problems);
    if (replica === undefined) continue;
    const related = nodes.add(replica.node, item.start);
    if (related === undefined) replicas.push(replica);
    else {
      const message = `The node ${JSON.stringify(replica.node)} comes twice among the replicas`;
      const hint = "Keep one of the two";
      problems.add({ code: "duplicate-replica", message, start: item.start, end: item.end, hint, related });
    }
  }
  return replicas;
}

function readReplica(mapping: MappingNode, problems: ProblemList): Replica | undefined {
  let node: string | undefined;
  let version: number | undefined;
  for (const field of mapping.entries) {
    if (field.key === "node") node = readText(field, problems);
    else if (field.key === "version") version = readCount(field, problems);
    else addUnknown(field, replicaKeys, problems);
  }
  if (node !== undefined && version !== undefined) return { node, version };
  addMissing(mapping, replicaKeys, problems);
  return undefined;
}
