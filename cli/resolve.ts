import { Failure, systemClock } from "../lib/core/mod.ts";
import { conflictsAt, type Resolution, resolveConflicts } from "../lib/client/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { requireConflicts } from "./conflicts.ts";
import { pathOperand } from "./ls.ts";
import { printable, write, writeJson } from "./output.ts";
import { lookInto, serverOptions } from "./server_options.ts";

/** `dfs resolve` */
export const resolve: Command = {
  name: "resolve",
  summary: "Decide a conflict; the next dfs sync, or dfs watch at once, carries it out",
  operands: "PATH",
  operandsMax: 1,
  options: {
    ...serverOptions,
    ours: { help: "Keep what this folder has under the name" },
    theirs: { help: "Take what the server has, or the conflict copy" },
    both: { help: "Keep both: this folder's becomes a conflict copy" },
    merged: { value: "FILE", help: "Take this file, in which both were brought together by hand" },
  },
  async run(invocation) {
    const [operand] = invocation.operands;
    if (operand === undefined) {
      throw new Failure("usage", "dfs resolve needs a path", { hint: "dfs conflicts lists them" });
    }
    const resolution = resolutionOf(invocation);
    using connection = lookInto(invocation);
    const { workspace } = connection;
    const path = pathOperand(operand);
    const found = requireConflicts(conflictsAt(workspace, path), path);
    await resolveConflicts(found, { workspace, resolution, nowMs: systemClock.now() });
    workspace.wakeWatcher();
    if (invocation.flag("json")) writeJson({ path, resolved: resolution.take });
    else write(`Resolved ${printable(path)}; dfs sync carries it out`);
    return exitCodes.done;
  },
};

function resolutionOf(invocation: Invocation): Resolution {
  const file = invocation.text("merged");
  const taken = (["ours", "theirs", "both"] as const).filter((name) => invocation.flag(name));
  if (taken.length + (file === undefined ? 0 : 1) !== 1) {
    throw new Failure("usage", "dfs resolve needs one decision", {
      hint: "Write one of --ours, --theirs, --both and --merged FILE",
    });
  }
  return file === undefined ? { take: taken[0]! } : { take: "merged", file };
}
