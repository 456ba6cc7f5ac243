import { Failure, platformFailure } from "../../lib/core/mod.ts";
import { formatDdl } from "../../lib/metadata/ddl/mod.ts";
import { type Command, exitCodes } from "../command.ts";
import { printable, writeError, writeText } from "../output.ts";
import { onlyFile } from "./connect.ts";
import { inputName, readInput } from "./read_input.ts";
import { showDiagnostics } from "./show_mistakes.ts";

/** `dfs meta fmt` */
export const metaFmt: Command = {
  name: "meta fmt",
  summary: "Print a DDL file in its canonical form, comments kept; - reads standard input",
  operands: "FILE",
  operandsMax: 1,
  options: {
    write: { letter: "w", help: "Write it back to the file instead" },
    check: { help: "Print nothing; fail if the file is not in canonical form" },
  },
  async run(invocation) {
    const operand = onlyFile(invocation, "meta fmt");
    const name = printable(inputName(operand));
    const input = await readInput(operand);
    if (input.form !== "ddl") {
      throw new Failure("usage", `"${name}" is no DDL`, { hint: "dfs meta check tells its form" });
    }
    const formatted = formatDdl(input.text);
    if (!formatted.ok) {
      showDiagnostics(name, input.text, formatted.error);
      return exitCodes.failed;
    }
    if (invocation.flag("check")) {
      if (formatted.value === input.text) return exitCodes.done;
      writeError(`dfs: "${name}" is not in canonical form`);
      return exitCodes.failed;
    }
    if (!invocation.flag("write")) writeText(formatted.value);
    else if (operand === "-") throw new Failure("usage", "Standard input cannot be written back");
    else if (formatted.value !== input.text) await replace(operand, formatted.value);
    return exitCodes.done;
  },
};

/** Writes beside the file and renames, so that the file is the old text or the new one. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.dfs-${crypto.randomUUID().slice(0, 8)}`;
  try {
    const { mode } = await Deno.stat(path);
    await Deno.writeTextFile(beside, text, { createNew: true, ...(mode === null ? {} : { mode: mode & 0o7777 }) });
    await Deno.rename(beside, path);
  } catch (cause) {
    await Deno.remove(beside).catch(() => {});
    throw platformFailure(`write ${JSON.stringify(path)}`, cause);
  }
}
