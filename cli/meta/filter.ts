import { Failure } from "../../lib/core/mod.ts";
import type { MetadataFilter } from "../../lib/client/mod.ts";
import { syncStatuses } from "../../lib/metadata/mod.ts";
import type { Invocation, OptionSpec } from "../command.ts";

/** Options that choose paths. */
export const filterOptions: Readonly<Record<string, OptionSpec>> = {
  state: { value: "STATE", help: `Only paths that stand so: ${syncStatuses.join(", ")}` },
  glob: { value: "PATTERN", help: "Only paths that match: * and ? within a name, ** for any folders" },
};

/** What an invocation chooses: a prefix as its operand, and the options. */
export function filterOf(invocation: Invocation): MetadataFilter {
  const text = invocation.text("state");
  const state = syncStatuses.find((candidate) => candidate === text);
  if (text !== undefined && state === undefined) {
    throw new Failure("usage", `There is no state "${text}"`, { hint: `Choose one of ${syncStatuses.join(", ")}` });
  }
  return { prefix: invocation.operands[0], glob: invocation.text("glob"), state };
}
