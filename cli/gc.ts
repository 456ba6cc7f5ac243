import { format as formatBytes } from "@std/fmt/bytes";
import { type Command, exitCodes } from "./command.ts";
import { parseDuration } from "./duration.ts";
import { write, writeJson } from "./output.ts";
import { openStore, storeOptions } from "./store_options.ts";

/** `dfs gc` */
export const gc: Command = {
  name: "gc",
  summary: "Remove from a server's store the versions that no rule keeps, and the content that no version names",
  operands: "",
  operandsMax: 0,
  options: {
    "dry-run": { help: "Say what would be removed, change nothing" },
    grace: {
      value: "TIME",
      help: "Leave content of the last 30m, 2h, 3d to uploads that go on (1d); 0 while nobody pushes",
    },
    ...storeOptions,
  },
  async run(invocation) {
    const dryRun = invocation.flag("dry-run");
    const grace = invocation.text("grace");
    const graceMs = grace === undefined ? undefined : parseDuration(grace, "grace");
    await using store = await openStore(invocation);
    const report = await store.collectGarbage({ dryRun, graceMs });
    if (invocation.flag("json")) {
      writeJson(report);
      return exitCodes.done;
    }
    const removed = `${report.versions_removed} versions and ${report.chunks_removed} chunks`;
    const freed = formatBytes(Math.max(0, report.bytes_freed));
    write(dryRun ? `Would remove ${removed}, about ${freed}` : `Removed ${removed}, ${freed} freed`);
    if (report.chunks_condemned > 0 && report.chunks_condemned !== report.chunks_removed) {
      write(`${report.chunks_condemned} chunks are named no more; they go when the grace is over`);
    }
    return exitCodes.done;
  },
};
