/**
 * A folder with what is remembered of it in `.dfs/`: server and space, the base, what runs set out to do, the lock, and what
 * others tell the client that watches.
 *
 * @module
 */
export {
  agreedTree,
  type Base,
  folderTree,
  hasHollow,
  isSameBase,
  type OpenPath,
  type OpenReason,
  settleBase,
  type SettleOptions,
  withoutMovedAway,
} from "./base.ts";
export { type GivenWord, giveWord, type WordTaker } from "./given_word.ts";
export { intend, type Intent, intentParts, type Intents, intentsAt, settleIntents, type Side } from "./intent.ts";
export { LocalWorkspace, type WorkspaceOptions } from "./local_workspace.ts";
export { wakeFileName } from "./wake.ts";
export type { KeptState, KeptWithBase, Workspace } from "./workspace.ts";
export { readFolderSettings, readWorkspaceConfig, type WorkspaceConfig } from "./workspace_config.ts";
export type { SaveBaseOptions, WorkspaceState } from "./workspace_state.ts";
