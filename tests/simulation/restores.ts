import { isWithin, rootPath, type SafePath } from "../../lib/core/mod.ts";
import { type Entry, type MetadataStore, sameEntry } from "../../lib/metadata/mod.ts";
import type { RestoreReply, RestoreRequest } from "../../lib/sync/service/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import { type AskOptions, askServer } from "./simulated_remote.ts";

const space = "default";

/** Options of {@linkcode restoreSomething}. */
export interface RestoreOptions extends AskOptions, Pick<RestoreRequest, "id" | "client"> {}

/** Lets somebody have back on the server what lived there; gives where it is not as it was, each in a sentence. */
export async function restoreSomething(options: RestoreOptions): Promise<string[]> {
  const { server: { metadata }, random, trace, id, client } = options;
  const drawn = await drawRestore(metadata, random);
  if (drawn === undefined) return [];
  trace(`user of ${client} restores ${JSON.stringify(drawn)}`);
  const reply = await askServer("restore", (service) => service.restore(space, { ...drawn, id, client }), options);
  if (!reply.ok) trace(`  nothing is restored: ${JSON.stringify(reply.error)}`);
  else trace(`  restored ${reply.value.changes.length} paths of revision ${reply.value.source}`);
  return !reply.ok || drawn.dryRun || reply.value.repeated ? [] : await unrestored(metadata, drawn, reply.value);
}

/** Draws what somebody wants to have back of what ever lived in a space; nothing if nothing did. */
async function drawRestore(
  metadata: MetadataStore,
  random: SeededRandom,
): Promise<Pick<RestoreRequest, "path" | "to" | "exact" | "dryRun"> | undefined> {
  const paths = (await metadata.changesSince(space, 0)).map(({ path }) => path);
  if (paths.length === 0) return undefined;
  const path = random.below(3) === 0 ? rootPath : random.pick(paths);
  const revisions = await metadata.revisions(space);
  const { revision, committedAtMs } = random.pick(revisions);
  const versions = path === rootPath ? [] : await metadata.history(space, path);
  const to = random.pick([
    { revision },
    { revision },
    { atMs: committedAtMs },
    { version: versions.length === 0 ? 1 : random.pick(versions).version },
  ]);
  return { path, to, exact: random.below(2) === 0, dryRun: random.below(8) === 0 };
}

/** Where what was restored is not as it was, each in a sentence. */
async function unrestored(
  metadata: MetadataStore,
  { path, exact }: Pick<RestoreRequest, "path" | "exact">,
  { revision, source }: RestoreReply,
): Promise<string[]> {
  const [now, then] = [await stateAt(metadata, path, revision), await stateAt(metadata, path, source)];
  const paths = new Set([...then.keys(), ...exact ? now.keys() : []]);
  return [...paths].filter((at) => !sameEntry(now.get(at), then.get(at)))
    .map((at) => `${at} is ${JSON.stringify(now.get(at))} and was ${JSON.stringify(then.get(at))}`);
}

async function stateAt(
  metadata: MetadataStore,
  path: SafePath,
  revision: number,
): Promise<ReadonlyMap<SafePath, Entry>> {
  const entries = new Map<SafePath, Entry>();
  for await (const { children } of metadata.entriesAt(space, revision)) {
    for (const child of children) {
      if (child.path === path || isWithin(child.path, path)) entries.set(child.path, child.entry);
    }
  }
  return entries;
}
