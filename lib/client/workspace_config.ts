import { parse, stringify } from "@std/yaml";
import { Failure, platformFailure } from "../core/mod.ts";

/** What a folder's `.dfs/config.yaml` says. */
export interface WorkspaceConfig {
  /** Address of the server, such as `http://127.0.0.1:8080`. */
  readonly remote: string;
  /** Name of the space on it. */
  readonly space: string;
}

const keys = ["remote", "space"] as const;

/**
 * Reads a folder's configuration.
 *
 * @returns What it says, or `undefined` if there is none yet.
 * @throws {Failure} kind `usage` if it is not as it must be.
 */
export function readWorkspaceConfig(path: string): WorkspaceConfig | undefined {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw platformFailure(`read "${path}"`, cause);
  }
  const data = parseYaml(text, path);
  for (const key of Object.keys(data)) {
    if (!keys.includes(key as typeof keys[number])) {
      throw new Failure("usage", `Unknown key "${key}" in "${path}"`, { hint: `Known keys are ${keys.join(" and ")}` });
    }
  }
  const { remote, space = "default" } = data;
  if (typeof remote !== "string" || typeof space !== "string") {
    throw new Failure("usage", `"${path}" must name the server under "remote" and the space under "space"`);
  }
  return { remote, space };
}

/** Writes a folder's configuration: what is there afterwards is the old one or the new one, whatever happens. */
export function writeWorkspaceConfig(path: string, config: WorkspaceConfig): void {
  try {
    Deno.writeTextFileSync(`${path}.new`, stringify(config));
    Deno.renameSync(`${path}.new`, path);
  } catch (cause) {
    throw platformFailure(`write "${path}"`, cause);
  }
}

function parseYaml(text: string, path: string): Record<string, unknown> {
  try {
    const data = parse(text);
    if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  } catch (cause) {
    throw new Failure("usage", `"${path}" is no YAML: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  throw new Failure("usage", `"${path}" must hold keys and values`);
}
