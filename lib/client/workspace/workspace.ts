import type { Base } from "./base.ts";
import type { Folder } from "../folder/mod.ts";
import type { SaveBaseOptions, WorkspaceState } from "./workspace_state.ts";

/** A folder that is kept in step with a space, and what is remembered of it from one run to the next. */
export interface Workspace {
  /** The folder itself. */
  readonly disk: Folder;
  /** Address of the server, without a slash at its end. */
  readonly remote: string;
  /** Name of the space. */
  readonly space: string;
  /** Names this replica on the server. */
  readonly clientId: string;
  /** What was remembered beside the base. */
  readonly state: KeptState;
  /** The base, if it is one with the very space this workspace is opened for. */
  loadBase(): Base | undefined;
  /** Makes a state the one to start from next time, and the server and space the ones to use next time. */
  saveBase(base: Base, options: KeptWithBase): void;
}

/** What runs work with of what is remembered beside the base. */
export type KeptState = Omit<WorkspaceState, "get" | "set" | "loadBase" | "saveBase" | typeof Symbol.dispose>;

/** What is remembered along with a base. */
export type KeptWithBase = Omit<SaveBaseOptions, "agreement">;
