/**
 * The synchronized folder as it lies on this machine: looking at it, on two threads where it is large, reading what changed,
 * changing it, on another thread where many small files are to be made, and which names and permissions its disk can hold.
 *
 * @module
 */
export type { FileMaker, FileMarks, Folder, FolderReader, FolderWriter, WriterAside } from "./folder.ts";
export { asMeant, type FolderView, holdsIgnored, provenRoot, viewFolder, type ViewOptions } from "./folder_view.ts";
export { LocalDisk, resolveFolder } from "./local_disk.ts";
export { MakeAtOnce } from "./make_at_once.ts";
export { foldName, foldsOnto, type NameRules, nameRulesOf } from "./platform_names.ts";
export { probeDisk } from "./probe_disk.ts";
export { type LocalRead, readFiles, type ReadOptions } from "./read_local.ts";
export { unlessRefused } from "./unless_refused.ts";
