import { dirname, join } from "@std/path";
import { Failure, platformFailure } from "../../core/mod.ts";
import {
  type ConfigText,
  editConfig,
  parseConfig,
  readSettings,
  type ResolvedSettings,
  type SettingProblem,
  type SettingSources,
} from "../settings/mod.ts";

/** Which server and space a folder's `.dfs/config.yaml` names. */
export interface WorkspaceConfig {
  /** Address of the server, such as `http://127.0.0.1:8080`. */
  readonly remote: string;
  /** Name of the space on it. */
  readonly space: string;
}

/**
 * Reads which server and space a folder's configuration names.
 *
 * @returns What it says, or `undefined` if there is none yet, or one that names no server.
 * @throws {Failure} kind `usage` if it is not as it must be.
 */
export function readWorkspaceConfig(path: string): WorkspaceConfig | undefined {
  const { remote, space = "default" } = resolved({ file: readConfigText(path) }).settings;
  return remote === undefined ? undefined : { remote, space };
}

/**
 * Writes server and space into a folder's configuration; everything else in it stays as it was written. What is there
 * afterwards is the old one or the new one, whatever happens.
 *
 * @throws {Failure} kind `usage` if what is there is no configuration.
 */
export function writeWorkspaceConfig(path: string, config: WorkspaceConfig): void {
  const file = readConfigText(path) ?? { name: path, text: "", folder: "" };
  const values = parseConfig(file);
  if (!values.ok) throw failureOf(values.error);
  const text = editConfig(file.text, { remote: config.remote, space: config.space });
  try {
    Deno.writeTextFileSync(`${path}.new`, text);
    Deno.renameSync(`${path}.new`, path);
  } catch (cause) {
    throw platformFailure(`write "${path}"`, cause);
  }
}

/**
 * Brings together what options, environment, a folder's configuration and defaults say. The folder need not exist.
 *
 * @param folder The synchronized folder.
 * @throws {Failure} kind `usage` that names every value that is not as it must be.
 */
export function readFolderSettings(folder: string, sources: Omit<SettingSources, "file"> = {}): ResolvedSettings {
  return resolved({ ...sources, file: readConfigText(join(folder, ".dfs", "config.yaml")) });
}

function resolved(sources: SettingSources): ResolvedSettings {
  const found = readSettings(sources);
  if (found.ok) return found.value;
  throw failureOf(found.error);
}

function readConfigText(path: string): ConfigText | undefined {
  try {
    return { name: path, text: Deno.readTextFileSync(path), folder: dirname(dirname(path)) };
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) return undefined;
    throw platformFailure(`read "${path}"`, cause);
  }
}

function failureOf([first, ...more]: readonly SettingProblem[]): Failure {
  const { message, hint } = first ?? { message: "The settings are not as they must be" };
  return new Failure("usage", message, {
    ...(hint === undefined ? {} : { hint }),
    details: more.map((problem) =>
      problem.hint === undefined ? problem.message : `${problem.message}. ${problem.hint}`
    ),
  });
}
