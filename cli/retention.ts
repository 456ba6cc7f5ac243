import { Failure } from "../lib/core/mod.ts";
import type { RetentionRule } from "../lib/metadata/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { write, writeJson } from "./output.ts";
import { serverOptions } from "./server_options.ts";
import { openStore, storeOptions } from "./store_options.ts";

/** `dfs retention` */
export const retention: Command = {
  name: "retention",
  summary: "Show or set how long a space keeps versions that are not the newest: every one for ever, unless told",
  operands: "",
  operandsMax: 0,
  options: {
    "keep-versions": {
      value: "N",
      help: "Keep the newest N versions of each path, the present one and deletions counted",
    },
    "keep-for": { value: "TIME", help: "Keep every version that lived within this time: 12h, 90d" },
    "keep-all": { help: "Keep every version again" },
    show: { help: "Show the rule, change nothing; so it is without any option" },
    ...storeOptions,
    space: serverOptions.space,
  },
  async run(invocation) {
    const rule = ruleOf(invocation);
    await using store = await openStore(invocation);
    const set = rule === undefined ? await store.retention() : await store.setRetention(rule);
    if (invocation.flag("json")) {
      writeJson(set);
      return exitCodes.done;
    }
    const { keep_versions: versions, keep_for_ms: forMs, oldest_whole_revision: oldest } = set;
    const parts = [
      ...(versions === null ? [] : [`the newest ${versions} versions of each path`]),
      ...(forMs === null ? [] : [`all that lived within ${formatDuration(forMs)}`]),
    ];
    write(`Keeps ${parts.length === 0 ? "every version" : parts.join(", and ")}`);
    if (oldest > 0) write(`The oldest revision of which everything is there is ${oldest}`);
    return exitCodes.done;
  },
};

/** The rule that an invocation sets; `undefined` if it only asks. */
function ruleOf(invocation: Invocation): RetentionRule | undefined {
  const keepVersions = invocation.integer("keep-versions", { min: 1, max: 1e9 });
  const keepFor = invocation.text("keep-for");
  const sets = keepVersions !== undefined || keepFor !== undefined;
  if ([sets, invocation.flag("keep-all"), invocation.flag("show")].filter(Boolean).length > 1) {
    throw new Failure("usage", "A rule, --keep-all and --show exclude each other");
  }
  if (invocation.flag("keep-all")) return {};
  if (!sets) return undefined;
  return {
    ...(keepVersions === undefined ? {} : { keepVersions }),
    ...(keepFor === undefined ? {} : { keepForMs: parseDuration(keepFor, "keep-for") }),
  };
}
