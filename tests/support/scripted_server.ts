import type { Hash, SafePath } from "../../lib/core/mod.ts";
import { encodeRecords, type MetadataRecord, metadataType } from "../../lib/metadata/binary/mod.ts";
import type { Entry } from "../../lib/metadata/mod.ts";
import { type HttpRequest, type HttpResponse, json, type ResponseBody } from "../../lib/network/mod.ts";
import { type Node, treeHashes, withChanges } from "../../lib/sync/mod.ts";
import { emptyTreeOf } from "../../lib/sync/mod.ts";
import { serveHandler, type TestServer } from "./test_server.ts";

/** What a server says, true or not. */
export interface Script {
  /** What it says to live in its space, by path, in this order. */
  readonly entries?: readonly (readonly [string, Entry])[];
  /** Its root hash; that of its entries unless told. */
  readonly root?: Hash;
  /** What it sends when asked for everything; its entries unless told. */
  readonly snapshot?: () => ResponseBody;
  /** What it sends when asked for chunks; nothing unless told. */
  readonly chunks?: () => ResponseBody;
  /** What it answers to anything, before all of this is asked. */
  readonly answer?: (request: HttpRequest) => HttpResponse | undefined;
}

/** Starts a server that answers by a script. */
export function scriptedServer(script: Script): Promise<TestServer> {
  const entries = script.entries ?? [];
  const root = script.root ?? rootOf(entries);
  return serveHandler((request) => {
    const answer = script.answer?.(request);
    if (answer !== undefined) return answer;
    const path = request.path;
    if (path.endsWith("/entries") || path.includes("/changes")) {
      const body = script.snapshot?.() ?? ReadableStream.from(encodeRecords(recordsOf(entries, root)));
      return { status: 200, headers: { "Content-Type": metadataType }, body };
    }
    if (path.endsWith("/chunks/fetch")) return { status: 200, headers: {}, body: script.chunks?.() ?? "" };
    return json({ space: "default", revision: 1, root, files: 1, entries: 1, bytes: 1, committedAtMs: 0 });
  });
}

/** A snapshot as a server sends it. */
export function* recordsOf(entries: Script["entries"] & object, root: Hash): Generator<MetadataRecord> {
  yield { type: "head", revision: 1, root };
  for (const [path, entry] of entries) yield { type: "entry", path: path as SafePath, entry, version: 1, revision: 1 };
}

/** The root hash of some entries. */
export function rootOf(entries: readonly (readonly [string, Entry])[]): Hash {
  const nodes = entries.map(([path, entry]) => [path as SafePath, { entry }] as [SafePath, Node]);
  return treeHashes(withChanges(emptyTreeOf<Node>(), nodes)).get("" as SafePath)!;
}
