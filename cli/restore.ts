import { Failure, rootPath, type SafePath, systemClock } from "../lib/core/mod.ts";
import type { RestoreAnswer, RestoreOrder } from "../lib/client/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { atOption, connectHistory } from "./history_options.ts";
import { pathOperand } from "./ls.ts";
import { parseMoment } from "./moment.ts";
import { printable, write, writeJson } from "./output.ts";
import { serverOptions } from "./server_options.ts";

/** How many changed paths are listed one by one. */
const changesListedMax = 50;

/** `dfs restore` */
export const restore: Command = {
  name: "restore",
  summary: "Bring back a file, a folder or the whole space as it was, as a new revision; history stays as it is",
  operands: "[PATH]",
  operandsMax: 1,
  options: {
    ...serverOptions,
    version: { value: "N", help: "Bring back this version of a file (dfs log PATH lists them)" },
    at: { ...atOption, help: `Bring back what was then: ${atOption.help}` },
    all: { help: "Make the whole space what it was, what was added since deleted" },
    exact: { help: "Make a folder just what it was: delete what was added to it since" },
    "dry-run": { help: "Say what would happen, change nothing" },
  },
  async run(invocation) {
    const order = readOrder(invocation);
    using opened = connectHistory(invocation);
    const answer = await opened.history.restore(order);
    if (invocation.flag("json")) writeJson({ space: opened.space, dry_run: order.dryRun, ...answer });
    else report(answer, { space: opened.space, dryRun: order.dryRun });
    return exitCodes.done;
  },
};

function readOrder(invocation: Invocation): RestoreOrder {
  const path = pathOf(invocation);
  const [at, version] = [invocation.text("at"), invocation.integer("version", { min: 1, max: 1e15 })];
  if ((at === undefined) === (version === undefined)) {
    throw new Failure("usage", "dfs restore needs to know when it was right", {
      hint: "Add either --version N or --at TIME",
    });
  }
  if (path === undefined && version !== undefined) {
    throw new Failure("usage", "A space has no versions but revisions", { hint: `Write --at ${version}` });
  }
  return {
    path,
    to: at === undefined ? { version: version! } : { at: parseMoment(at, systemClock.now()) },
    exact: invocation.flag("exact") ? true : undefined,
    dryRun: invocation.flag("dry-run"),
    client: committer(),
  };
}

/** The path that is meant; `undefined` for the whole space. */
function pathOf(invocation: Invocation): SafePath | undefined {
  const [operand] = invocation.operands;
  if (invocation.flag("all")) {
    if (operand === undefined) return undefined;
    throw new Failure("usage", `--all means the whole space, "${operand}" a part of it`, { hint: "Name one of them" });
  }
  const path = pathOperand(operand);
  if (path !== rootPath) return path;
  throw new Failure("usage", "dfs restore needs a path", {
    hint: "Write dfs restore PATH, or --all for the whole space",
  });
}

/** Who restored, as history will say: not the client of a folder, which does not have what it restored yet. */
function committer(): string {
  return `restore-${Deno.hostname().replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 100)}`;
}

function report(answer: RestoreAnswer, { space, dryRun }: { readonly space: string; readonly dryRun: boolean }): void {
  const { changes, restored, deleted, revision, source } = answer;
  for (const { path, change } of changes.slice(0, changesListedMax)) write(`${change.padEnd(8)} ${printable(path)}`);
  const more = restored + deleted - Math.min(changes.length, changesListedMax);
  if (more > 0) write(`... and ${more} more`);
  const where = `space "${space}"`;
  if (answer.repeated) {
    write(`Restored as of revision ${source}, by an attempt whose answer was lost: revision ${revision} of ${where}`);
    return;
  }
  if (restored + deleted === 0) {
    write(`Nothing to restore: it is what it was at revision ${source}`);
    return;
  }
  const what = `${restored} restored${deleted > 0 ? `, ${deleted} deleted` : ""}, as of revision ${source}`;
  if (dryRun) write(`Would be: ${what}; ${where} stays at revision ${revision}`);
  else {
    write(`${what}: ${where} is at revision ${revision}`);
    write("Folders get it with their next dfs sync or dfs pull");
  }
}
