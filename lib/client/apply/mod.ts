/**
 * Changes of the folder: put together beside it in `.dfs/staging` and flushed, then each by one rename, where nobody touched
 * the place meanwhile.
 *
 * @module
 */
export { type ChangedFolder, PreparedFolder } from "./prepared_folder.ts";
export { type FolderSides, withFolders } from "./with_folders.ts";
