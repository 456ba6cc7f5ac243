import { formatHash } from "../../core/mod.ts";
import type { FileMetadata, Replica } from "../file_metadata.ts";
import type { Entry, Item, MappingNode, Node, StreamNode } from "./ast.ts";
import { defaultModes, rootKey } from "./metadata_keys.ts";
import { formatTimestamp, timestampMsMax, timestampMsMin } from "./timestamp.ts";

/**
 * Builds the syntax tree of some entries: one as the value of `file_metadata`, several as its list, none as a text
 * without documents. What has its default value is left out.
 *
 * @param entries The entries, each path once.
 */
export function metadataToDdl(entries: readonly FileMetadata[]): StreamNode {
  const [first] = entries;
  if (first === undefined) return { documents: [] };
  const value = entries.length === 1 ? entryNode(first) : sequence(entries.map(entryNode));
  return { documents: [{ root: mapping([[rootKey, value]]), comments: [] }] };
}

function entryNode(metadata: FileMetadata): Node {
  const { kind, hash, target, mtimeMs, mtimeRestNs, mode, owner, syncState } = metadata;
  const fields: [string, Node][] = [["name", text(metadata.path)]];
  if (kind !== "file") fields.push(["kind", text(kind)]);
  fields.push(["version", integer(metadata.version)]);
  if (kind === "file" || metadata.size !== 0) fields.push(["size", integer(metadata.size)]);
  if (hash !== undefined) fields.push(["hash", text(formatHash(hash))]);
  if (target !== undefined) fields.push(["target", text(target)]);
  fields.push(["last_modified", time(mtimeMs, mtimeRestNs)]);
  if (mode !== defaultModes[kind]) fields.push(["mode", text(mode.toString(8).padStart(4, "0"))]);
  if (owner !== undefined) fields.push(["owner", text(owner)]);
  const state: [string, Node][] = [["status", text(syncState.status)]];
  if (syncState.replicas.length > 0) state.push(["replicas", sequence(syncState.replicas.map(replicaNode))]);
  fields.push(["sync_state", mapping(state)]);
  return mapping(fields);
}

function replicaNode({ node, version }: Replica): Node {
  return mapping([["node", text(node)], ["version", integer(version)]]);
}

/** A time that has no four-digit year is written as a number of milliseconds. */
function time(ms: number, restNs: number | undefined): Node {
  return ms >= timestampMsMin && ms <= timestampMsMax ? text(formatTimestamp(ms, restNs)) : integer(ms);
}

/** A node that was not read from a text lies nowhere. */
const nowhere = { start: 0, end: 0 } as const;

function text(value: string): Node {
  return { kind: "text", value, ...nowhere };
}

function integer(value: number): Node {
  return { kind: "integer", value, ...nowhere };
}

function mapping(fields: readonly (readonly [string, Node])[]): MappingNode {
  const entries = fields.map(([key, value]): Entry => ({ key, value, comments: undefined, ...nowhere }));
  return { kind: "mapping", entries, damaged: false, ...nowhere };
}

function sequence(values: readonly Node[]): Node {
  const items = values.map((value): Item => ({ value, comments: undefined, ...nowhere }));
  return { kind: "sequence", items, ...nowhere };
}
