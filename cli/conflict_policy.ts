import { conflictsKind } from "../lib/client/settings/mod.ts";
import { Failure } from "../lib/core/mod.ts";
import { type ConflictRules, noConflictRules } from "../lib/metadata/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { printable, write, writeJson } from "./output.ts";
import { serverOptions } from "./server_options.ts";
import { openStore, storeOptions } from "./store_options.ts";

/** `dfs conflicts policy` */
export const conflictPolicy: Command = {
  name: "conflicts policy",
  summary: "Show or set what clients of a space do about conflicts, as far as their own settings do not say: " +
    "patterns of either go before a default of either, and the client's before the space's",
  operands: "",
  operandsMax: 0,
  options: {
    set: {
      value: conflictsKind.placeholder,
      help: "Set this policy, instead of all that were set; may be repeated: the first pattern that matches decides",
      repeatable: true,
    },
    clear: { help: "Say nothing any more" },
    show: { help: "Show the policies, change nothing; so it is without any option" },
    space: serverOptions.space,
    ...storeOptions,
  },
  async run(invocation) {
    const wanted = rulesOf(invocation);
    await using store = await openStore(invocation);
    const said = wanted === undefined ? await store.conflictRules() : await store.setConflictRules(wanted);
    if (invocation.flag("json")) {
      writeJson(said);
      return exitCodes.done;
    }
    for (const { pattern, policy } of said.rules) write(`${printable(pattern)}: ${policy}`);
    if (said.default !== null) write(`${said.rules.length === 0 ? "Every path" : "Any other path"}: ${said.default}`);
    else if (said.rules.length === 0) write("The space leaves it to its clients");
    else write("Any other path: as its clients say");
    return exitCodes.done;
  },
};

/** The policies that an invocation sets; `undefined` if it only asks. */
function rulesOf(invocation: Invocation): ConflictRules | undefined {
  const texts = invocation.texts("set");
  if ([texts.length > 0, invocation.flag("clear"), invocation.flag("show")].filter(Boolean).length > 1) {
    throw new Failure("usage", "--set, --clear and --show exclude each other");
  }
  if (invocation.flag("clear")) return noConflictRules;
  if (texts.length === 0) return undefined;
  const rules = conflictsKind.fromTexts(texts);
  if (rules.ok) return rules.value;
  throw new Failure("usage", `--set must be ${conflictsKind.expected}, got ${rules.error}`);
}
