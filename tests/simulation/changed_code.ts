import { fromFileUrl, join, toFileUrl } from "@std/path";
import { TempFolder } from "../support/temp_folder.ts";
import type { runSimulation } from "./run_simulation.ts";

/** A line of the program, and what stands there instead. */
export interface ChangedLine {
  /** The file that it is in, as from the top of the source. */
  readonly file: string;
  /** What stands there, once. */
  readonly old: string;
  readonly new: string;
}

/** Simulations of a changed program. */
export interface ChangedCode extends AsyncDisposable {
  readonly runSimulation: typeof runSimulation;
}

const sourceRoot = fromFileUrl(new URL("../../", import.meta.url));
/** What simulations are made of. */
const folders = ["lib", "tests/simulation", "tests/support"];

/** Loads the simulation with a line of the program changed, where no port lies between that could be exchanged. */
export async function withChangedCode(line: ChangedLine): Promise<ChangedCode> {
  await using stack = new AsyncDisposableStack();
  const copy = stack.use(await TempFolder.make());
  for (const folder of folders) copyFolder(join(sourceRoot, folder), join(copy.path, folder));
  const place = join(copy.path, line.file);
  const parts = Deno.readTextFileSync(place).split(line.old);
  if (parts.length !== 2) throw new TypeError(`${line.file} does not hold ${JSON.stringify(line.old)} once`);
  Deno.writeTextFileSync(place, parts.join(line.new));
  const changed: { readonly runSimulation: typeof runSimulation } = await import(
    toFileUrl(join(copy.path, "tests/simulation/run_simulation.ts")).href
  );
  const owned = stack.move();
  return { runSimulation: changed.runSimulation, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) copyFolder(source, target);
    else if (name.endsWith(".ts")) Deno.copyFileSync(source, target);
  }
}
