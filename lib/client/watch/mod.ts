/**
 * Keeping a folder and its space in step for as long as one likes: what changes in the folder is seen by the platform's
 * watcher, what changes on the server is told by its live feed, and a two-way run carries it over. Whatever is missed is
 * found by a walk now and then.
 *
 * @module
 */
export { type Sleep, sleep } from "./sleep.ts";
export { type FolderChange } from "./seen_changes.ts";
export { type FolderWatcher, watchFolder, watchTree } from "./watch_folder.ts";
export { type WatchListener } from "./watch_listener.ts";
export { watch, type WatchConnection, type WatchOptions } from "./watch.ts";
export { type NextRunOptions, type WatchReason, WatchTrigger } from "./watch_trigger.ts";
