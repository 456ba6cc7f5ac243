import type { Hash } from "../../lib/core/mod.ts";
import type { MetadataStore, RetentionRule } from "../../lib/metadata/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";

const dayMs = 24 * 3600 * 1000;

/** For how long chunks that nothing names are left in peace. */
export const gracesMs: readonly number[] = [0, 0, 1, 40, 900, 60_000, dayMs];

/** Draws a rule of retention; now and then one that keeps everything. */
export function drawRule(random: SeededRandom): RetentionRule {
  const keepVersions = random.pick([undefined, 1, 1, 2, 3]);
  const keepForMs = random.pick([undefined, undefined, 0, 900, 60_000, dayMs]);
  return {
    ...keepVersions === undefined ? {} : { keepVersions },
    ...keepForMs === undefined ? {} : { keepForMs },
  };
}

/** How many chunks the versions name that are kept. */
export async function namedChunks(metadata: MetadataStore): Promise<number> {
  const names = new Set<Hash>();
  for await (const versions of metadata.files()) {
    for (const { file: { content, size } } of versions) {
      const manifest = await metadata.manifest(content);
      for (const hash of manifest?.hashes() ?? (size === 0 ? [] : [content])) names.add(hash);
    }
  }
  return names.size;
}
