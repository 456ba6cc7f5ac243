import { format as formatBytes } from "@std/fmt/bytes";
import { Failure } from "../lib/core/mod.ts";
import type { OpenedHistory } from "../lib/app/history.ts";
import type { RemoteRevision, RemoteVersion } from "../lib/client/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { connectHistory } from "./history_options.ts";
import { pathOperand } from "./ls.ts";
import { printable, write, writeJson } from "./output.ts";
import { serverOptions } from "./server_options.ts";

/** How many versions or revisions are shown unless told. */
const shownDefault = 100;

/** `dfs log` */
export const log: Command = {
  name: "log",
  summary: "Show the versions of a path, or the revisions of the space, newest first",
  operands: "[PATH]",
  operandsMax: 1,
  options: { ...serverOptions, limit: { value: "N", help: `Show at most N (${shownDefault})` } },
  async run(invocation) {
    const [operand] = invocation.operands;
    const limit = invocation.integer("limit", { min: 1, max: 1e9 }) ?? shownDefault;
    using opened = connectHistory(invocation);
    const lines = operand === undefined
      ? (await newestRevisions(opened, limit)).map((revision) => ({ item: revision, line: revisionLine(revision) }))
      : (await newestVersions(opened, operand, limit)).map((version) => ({
        item: version,
        line: versionLine(version),
      }));
    if (invocation.flag("json")) writeJson(lines.map(({ item }) => item));
    else for (const { line } of lines) write(line);
    return exitCodes.done;
  },
};

async function newestVersions(opened: OpenedHistory, operand: string, limit: number): Promise<RemoteVersion[]> {
  const path = pathOperand(operand);
  const versions = await opened.history.versions(path);
  if (versions.length > 0) return versions.slice(0, limit);
  throw new Failure("not_found", `There never was a "${path}" in the space "${opened.space}"`);
}

async function newestRevisions(opened: OpenedHistory, limit: number): Promise<RemoteRevision[]> {
  const revisions: RemoteRevision[] = [];
  for await (const page of opened.history.revisions()) {
    revisions.push(...page.slice(0, limit - revisions.length));
    if (revisions.length >= limit) break;
  }
  return revisions;
}

function versionLine(version: RemoteVersion): string {
  const { committed_at, client, kind, size, hash } = version;
  const what = kind === "file" ? `${formatBytes(size ?? 0)}  ${hash?.slice(0, 12)}` : kind;
  return printable(`v${version.version}  revision ${version.revision}  ${committed_at}  ${client}  ${what}`);
}

function revisionLine({ revision, committed_at, client, puts, deletes, root }: RemoteRevision): string {
  return printable(`revision ${revision}  ${committed_at}  ${client}  +${puts} -${deletes}  ${root.slice(0, 12)}`);
}
