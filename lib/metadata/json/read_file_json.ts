import { err, ok, type Result, type SafePath } from "../../core/mod.ts";
import { defaultModes } from "../ddl/metadata_keys.ts";
import { entryKinds, type FileMetadata, type Replica, syncStatuses } from "../file_metadata.ts";
import { type FileTime, timeOf } from "../file_time.ts";
import { isObject, JsonFields, kindOf } from "./field_values.ts";
import { type JsonProblem, jsonProblemsMax, pointerTo } from "./json_problem.ts";

/** Options of {@linkcode readFilesJson}: among them the modification time of entries that name none. */
export interface ReadFilesOptions extends FileTime {
  /** The permission bits of entries that name none; those usual for the kind unless told. */
  readonly mode?: number;
  /** The path of an entry that names none; without it a path is required. */
  readonly path?: SafePath;
}

/**
 * Reads metadata from JSON that was parsed: one object, or `{"files": [object, ...]}`.
 *
 * Required is `file_path`, of files `size`, of symlinks `target`; `version` is 1, `state` is `pending` unless told. What
 * the shape does not know is passed over, so that every answer of the API can be sent back.
 *
 * @returns The entries in the order given, or what is wrong with them: at least one mistake, at most 1000.
 */
export function readFilesJson(
  body: unknown,
  options: ReadFilesOptions,
): Result<FileMetadata[], readonly JsonProblem[]> {
  const problems: JsonProblem[] = [];
  const entries: FileMetadata[] = [];
  const places = new Map<string, string>();
  const several = isObject(body) && Array.isArray(body["files"]) ? body["files"] as readonly unknown[] : undefined;
  for (const [index, item] of (several ?? [body]).entries()) {
    if (problems.length >= jsonProblemsMax) break;
    const pointer = several === undefined ? "" : pointerTo("/files", index);
    const entry = readFile(item, pointer, { ...options, problems });
    if (entry === undefined) continue;
    const earlier = places.get(entry.path);
    if (earlier !== undefined) {
      problems.push({ pointer, message: `The path ${JSON.stringify(entry.path)} is named twice, first at ${earlier}` });
    }
    places.set(entry.path, pointer);
    entries.push(entry);
  }
  return problems.length === 0 ? ok(entries) : err(problems.slice(0, jsonProblemsMax));
}

interface Reading extends ReadFilesOptions {
  readonly problems: JsonProblem[];
}

function readFile(item: unknown, pointer: string, { problems, ...defaults }: Reading): FileMetadata | undefined {
  if (!isObject(item)) {
    problems.push({ pointer, message: `The metadata is ${kindOf(item)}`, expected: "an object with a file_path" });
    return undefined;
  }
  const before = problems.length;
  const fields = new JsonFields(item, pointer, problems);
  const path = fields.value("file_path") === undefined && defaults.path || fields.path("file_path");
  const kind = fields.word("kind", entryKinds) ?? "file";
  const size = fields.count("size");
  const hash = fields.hash("hash");
  const target = fields.text("target");
  const owner = fields.text("owner");
  const status = fields.word("state", syncStatuses) ?? "pending";
  const version = fields.count("version") ?? 1;
  const entry = {
    kind,
    size: size ?? 0,
    ...(fields.time("modified_time") ?? timeOf(defaults)),
    mode: fields.mode("mode") ?? defaults.mode ?? defaultModes[kind],
    version,
    syncState: { status, replicas: readReplicas(fields, pointer, problems) },
  };
  if (kind === "file" && fields.value("size") === undefined) fields.missing("size", "the length in bytes");
  if (kind !== "file" && hash !== undefined) fields.wrong("hash", `A ${kind} has no hash`);
  if (kind === "symlink" && fields.value("target") === undefined) fields.missing("target", "what the link points to");
  if (kind !== "symlink" && target !== undefined) fields.wrong("target", `A ${kind} has no target`);
  if (target?.includes("\0")) fields.wrong("target", "The target holds a NUL character");
  if (path === undefined || problems.length > before) return undefined;
  return {
    path,
    ...entry,
    ...(hash === undefined ? {} : { hash }),
    ...(target === undefined ? {} : { target }),
    ...(owner === undefined ? {} : { owner }),
  };
}

function readReplicas(fields: JsonFields, pointer: string, problems: JsonProblem[]): Replica[] {
  const value = fields.value("replicas");
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    fields.wrong("replicas", `The replicas are ${kindOf(value)}`, "a list of objects with node and version");
    return [];
  }
  const nodes = new Set<string>();
  const replicas: Replica[] = [];
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const at = pointerTo(pointerTo(pointer, "replicas"), index);
    if (!isObject(item)) {
      problems.push({ pointer: at, message: `The replica is ${kindOf(item)}`, expected: "an object" });
      continue;
    }
    const members = new JsonFields(item, at, problems);
    const node = members.text("node");
    const version = members.count("version");
    if (members.value("node") === undefined) members.missing("node", "the name of a node");
    if (members.value("version") === undefined) members.missing("version", "the version that the node holds");
    if (node === undefined || version === undefined) continue;
    if (nodes.has(node)) members.wrong("node", `The node ${JSON.stringify(node)} comes twice`);
    nodes.add(node);
    replicas.push({ node, version });
  }
  return replicas;
}
