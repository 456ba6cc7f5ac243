import { type FeedArchive, feedArchiveFile } from "../events/mod.ts";
import { version } from "../version.ts";

/**
 * Where the live feeds of a data folder go on from where those of the last run ended.
 *
 * @param options Whether it is for the feed that leaves what the next run goes on from; there is one in a run.
 */
export function feedArchive(dataFolder: string, options: { readonly keeps: boolean }): FeedArchive {
  return feedArchiveFile({ version, path: `${dataFolder}/feed.jsonl`, keeps: options.keeps });
}
