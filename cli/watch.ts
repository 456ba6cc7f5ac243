import { defaultRetry } from "../lib/client/mod.ts";
import { sleep, watch as watchSpace, watchFolder } from "../lib/client/watch/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { settingOptions } from "./settings.ts";
import { SignalWatch } from "./signals.ts";
import { connect, transferOptionsOf } from "./transfer.ts";
import { jsonTeller, textTeller } from "./watch_listeners.ts";

/** `dfs watch` */
export const watch: Command = {
  name: "watch",
  summary: "Keep a folder and its space in step, both ways, until interrupted",
  operands: "[DIR]",
  operandsMax: 1,
  options: {
    ...settingOptions,
    json: { help: "Print what happens as lines of JSON" },
    quiet: { help: "Print nothing but errors" },
  },
  async run(invocation) {
    using connection = connect(invocation, { dryRun: false, makeFolder: true });
    const { workspace, remote, http, settings } = connection;
    const listener = invocation.flag("json") ? jsonTeller() : textTeller({ quiet: invocation.flag("quiet") });
    const ended = new AbortController();
    using signals = new SignalWatch();
    void signals.received.then(() => {
      listener.ending();
      ended.abort();
    });
    workspace.remember();
    listener.watching({ folder: workspace.disk.root, remote: workspace.remote, space: workspace.space });
    const { settleMs, rescanMs, verifyEveryMs } = settings;
    await watchSpace({ workspace, remote, http }, {
      ...transferOptionsOf(settings),
      settleMs,
      rescanMs,
      verifyEveryMs,
      watcher: watchFolder,
      retry: defaultRetry,
      sleep,
      signal: ended.signal,
      listener,
    });
    return exitCodes.done;
  },
};
