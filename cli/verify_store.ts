import type { VerificationJson } from "../lib/server/maintenance_json.ts";
import { exitCodes, type Invocation } from "./command.ts";
import { printable, write, writeError, writeJson } from "./output.ts";
import { openStore } from "./store_options.ts";

/**
 * Lets a server, or a data folder that no server holds, read its whole store, and lists what is wrong.
 *
 * @returns The exit code: `failed` if anything is.
 */
export async function verifyStore(invocation: Invocation): Promise<number> {
  const repair = invocation.flag("repair");
  await using store = await openStore(invocation);
  const report = await store.verify({ repair });
  if (invocation.flag("json")) writeJson(report);
  else show(report, { repair });
  return report.damage.length === 0 ? exitCodes.done : exitCodes.failed;
}

function show({ chunks, damage, quarantined }: VerificationJson, { repair }: { readonly repair: boolean }): void {
  for (const { chunk, problem, versions } of damage) {
    writeError(`dfs: ${chunk === null ? "" : `Chunk ${chunk}: `}${problem}`);
    for (const { space, path, version, live } of versions) {
      writeError(`  ${printable(path)} in space "${space}", version ${version}${live ? "" : ", superseded"}`);
    }
  }
  if (damage.length === 0) {
    write(`All ${chunks} chunks are what they must be, and no version lacks any`);
    return;
  }
  write(`${damage.length} problems found, ${chunks} chunks are stored`);
  if (quarantined > 0) {
    write(`${quarantined} chunks were taken out: whoever has the files can send them again`);
  } else if (!repair) {
    write("With --repair damaged chunks are taken out, so that whoever has the files can send them again");
  }
}
