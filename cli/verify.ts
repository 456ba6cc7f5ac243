import { Failure } from "../lib/core/mod.ts";
import type { Command } from "./command.ts";
import { storeOptions } from "./store_options.ts";
import { verifyStore } from "./verify_store.ts";

/** `dfs verify` */
export const verify: Command = {
  name: "verify",
  summary: "Read everything a server has stored, and list what is damaged or missing",
  operands: "",
  operandsMax: 0,
  options: {
    server: { help: "Let the running server read its store" },
    repair: { help: "Take damaged content out of the store, so that it can be sent again" },
    ...storeOptions,
  },
  async run(invocation) {
    if (invocation.flag("server") || invocation.text("data-dir") !== undefined) return await verifyStore(invocation);
    throw new Failure("usage", "dfs verify needs to know what to read", {
      hint: "Write --server for the store of a running server, or --data-dir DIR for one at rest",
    });
  },
};
