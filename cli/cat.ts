import { Failure, systemClock } from "../lib/core/mod.ts";
import { type Command, exitCodes } from "./command.ts";
import { atOption, connectHistory, literalOption } from "./history_options.ts";
import { parseMoment } from "./moment.ts";
import { writeBytes } from "./output.ts";
import { serverOptions } from "./server_options.ts";
import { parseVersionedPath, pickFile } from "./versioned_path.ts";

const { json: _, ...options } = serverOptions;

/** `dfs cat` */
export const cat: Command = {
  name: "cat",
  summary: "Write a file of the space to standard output, as it is or was: PATH@3 is its version 3",
  operands: "PATH[@VERSION]",
  operandsMax: 1,
  options: { ...options, at: atOption, literal: literalOption },
  async run(invocation) {
    const at = invocation.text("at");
    const wanted = parseVersionedPath(invocation.operands[0], invocation.flag("literal"));
    const moment = at === undefined ? undefined : parseMoment(at, systemClock.now());
    if (moment !== undefined && wanted.version !== undefined) {
      throw new Failure("usage", "PATH@VERSION and --at are two answers to one question", {
        hint: 'Name one of them; --literal makes the "@" a part of the name',
      });
    }
    using opened = connectHistory(invocation);
    const { history } = opened;
    const { version } = pickFile(await history.versions(wanted.path, moment), wanted);
    for await (const piece of history.content(wanted.path, version)) if (!writeBytes(piece)) break;
    return exitCodes.done;
  },
};
