import type { Hash } from "../core/mod.ts";
import { encodeManifestDelta, type MetadataRecord } from "../metadata/binary/mod.ts";
import { emptyContent, Manifest } from "../metadata/mod.ts";
import { chunkBytesMin, getNode, type TreeDiff } from "../sync/mod.ts";
import type { TransferOptions } from "./options.ts";
import type { Remote, RemoteState } from "./remote/mod.ts";
import type { Workspace } from "./workspace/mod.ts";

/** What {@linkcode commitChanges} works with. */
export interface CommitContext {
  readonly workspace: Workspace;
  readonly remote: Remote;
  readonly options: Pick<TransferOptions, "newId">;
  /** What the server holds; the commit is applied only if none of its paths changed since. */
  readonly state: RemoteState;
  /** The chunk lists of contents that may be new to the server. */
  readonly manifests: readonly ReadonlyMap<Hash, Manifest>[];
  /** The chunk list of a content that either side has or had. */
  readonly manifest: (content: Hash) => Manifest | undefined;
}

/** Where the space stands after a commit. */
export interface Reached {
  readonly revision: number;
  readonly root: Hash;
}

/** Changes the server's space, in one commit. */
export async function commitChanges(
  diff: TreeDiff,
  context: CommitContext,
): Promise<Reached | "changed_meanwhile" | "missing_chunks"> {
  const answer = await context.remote.commit(commitRecords(diff, context));
  return answer.outcome === "applied" ? { revision: answer.revision, root: answer.root } : answer.outcome;
}

function* commitRecords(diff: TreeDiff, context: CommitContext): Generator<MetadataRecord> {
  const { workspace, options, state, manifests, manifest } = context;
  const id = options.newId?.() ?? crypto.randomUUID();
  yield { type: "commit", id, client: workspace.clientId, baseRevision: state.revision };
  for (const path of diff.deletes) yield { type: "deletion", path, version: 0, revision: 0 };
  for (const [path, { entry }] of diff.puts) {
    const previous = getNode(state.tree, path)?.entry;
    const list = entry.kind === "file"
      ? manifests.find((lists) => lists.has(entry.content))?.get(entry.content)
      : undefined;
    if (list && entry.kind === "file" && !(previous?.kind === "file" && previous.content === entry.content)) {
      const known = previous?.kind === "file" && previous.size > chunkBytesMin ? manifest(previous.content) : undefined;
      yield {
        type: "manifest",
        content: entry.content,
        against: known && previous?.kind === "file" ? previous.content : emptyContent,
        delta: encodeManifestDelta(list, known ?? Manifest.of([])),
      };
    }
    yield { type: "entry", path, entry, version: 0, revision: 0 };
  }
}
