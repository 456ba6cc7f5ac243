import { type Command, exitCodes } from "./command.ts";
import { programCommand, quoted } from "./demo/program_command.ts";
import { runDemo } from "./demo/run_demo.ts";
import { sourceTree } from "./demo/source_tree.ts";
import { setStage, type Stage } from "./demo/stage.ts";
import { printable, write, writeError } from "./output.ts";
import { SignalWatch } from "./signals.ts";

/** `dfs demo` */
export const demo: Command = {
  name: "demo",
  summary: "Serve, push, pull and compare a real tree on this machine, in a temporary folder",
  operands: "[DIR]",
  operandsMax: 1,
  options: { keep: { help: "Leave the server running afterwards, and say how to use it" } },
  async run(invocation) {
    const source = sourceTree(invocation.operands[0]);
    using signals = new SignalWatch();
    let signal: Deno.Signal | undefined;
    void signals.received.then((received) => signal = received);
    await using stage = await setStage();
    tell("Server", `${stage.server.url}, everything in ${stage.path}`);
    for await (const _ of runDemo(stage, { source, tell })) {
      if (signal === undefined) continue;
      writeError(`${signal}: removing ${stage.path}`);
      return exitCodes.failed;
    }
    if (invocation.flag("keep")) {
      explainUse(stage);
      await signals.received;
    }
    return exitCodes.done;
  },
};

function tell(step: string, outcome: string): void {
  write(`${step.padEnd(8)} ${printable(outcome)}`);
}

function explainUse({ path, relay }: Stage): void {
  const dfs = programCommand();
  const [here, there] = [quoted(`${path}/here`), quoted(`${path}/there`)];
  write(`
The server keeps running. In another terminal, for example:

  curl ${relay.url}/api/spaces/default
  ${dfs} ls --dir ${here}
  echo hello > ${here}/hello.txt
  ${dfs} push ${here}
  ${dfs} pull ${there}
  mkdir mine && ${dfs} pull mine --remote ${relay.url}

Ctrl-C here ends it and removes ${path}.`);
}
