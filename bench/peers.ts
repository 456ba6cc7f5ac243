/**
 * Measures dfs beside rsync and unison, on this machine over loopback, in one run: the same trees, the tools in turn.
 *
 * Each round begins with fresh folders and fresh servers, and each tool pushes from one folder and pulls into another.
 * Round 0 connects through a relay that counts the bytes of both directions and is not timed; the others connect
 * directly. Times run from the start of the client's process to its end. Linux only: processor time and memory come
 * from `/proc`.
 *
 * @module
 */
import { join } from "@std/path";
import { type Arguments, readArguments, type ToolName, toolNames, usage } from "./peers/arguments.ts";
import { dfsTool } from "./peers/dfs_tool.ts";
import { makeBigFile, makeCopies, makePackage, makeSmallFiles } from "./peers/inputs.ts";
import { playStory } from "./peers/play_story.ts";
import { reportLines } from "./peers/report.ts";
import { Results } from "./peers/results.ts";
import { rsyncTool } from "./peers/rsync_tool.ts";
import { interruption } from "./peers/spawn.ts";
import { type Input, storiesFor, type Story } from "./peers/stories.ts";
import type { Tool } from "./peers/tool.ts";
import { unisonTool } from "./peers/unison_tool.ts";

/** One run of the script. */
interface Run {
  /** A temporary folder for everything that comes to be. */
  readonly folder: string;
  readonly tools: readonly Tool[];
  readonly results: Results;
}

if (import.meta.main) {
  const asked = readArguments(Deno.args);
  if (asked === undefined) {
    console.error(usage);
    Deno.exit(2);
  }
  const folder = await Deno.makeTempDir({ prefix: "dfs-peers-" });
  try {
    await compare(asked, folder);
  } catch (error) {
    if (!interruption.aborted) throw error;
    console.error(interruption.reason.message);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  // The listeners for signals would keep the program alive.
  Deno.exit(interruption.aborted ? 1 : 0);
}

async function compare(asked: Arguments, folder: string): Promise<void> {
  const run = { folder, tools: await installedTools(asked, folder), results: new Results() };
  for (const tool of run.tools) console.log(`${tool.name.padEnd(10)}${tool.description}`);
  const stories = storiesFor(asked.scenarios);
  await makeInputs(new Set(stories.map(({ input }) => input)), folder);
  for (let round = 0; round <= asked.rounds; round++) {
    for (const story of stories) await playRound(story, round, run);
    console.log(`round ${round} of ${asked.rounds}, load average ${Deno.loadavg()[0]?.toFixed(1)}`);
  }
  console.log();
  const tools = run.tools.map(({ name }) => name);
  for (const line of reportLines(run.results, { scenarios: asked.scenarios, tools })) console.log(line);
}

async function playRound(story: Story, round: number, run: Run): Promise<void> {
  const folder = join(run.folder, `${story.input}-${round}`);
  await Deno.mkdir(folder);
  // Each tool is first once in so many rounds.
  const first = round % run.tools.length;
  await playStory(story, {
    tools: [...run.tools.slice(first), ...run.tools.slice(0, first)],
    input: join(run.folder, story.input),
    folder,
    relayed: round === 0,
    onStep(step, measurement, wireBytes) {
      if (round === 0) run.results.addWire(step, wireBytes);
      else run.results.add(step, measurement);
    },
  });
  if (!story.deleteLate) await Deno.remove(folder, { recursive: true });
}

/** Makes the trees that the stories begin with; copies are made of a part of the small files. */
async function makeInputs(inputs: ReadonlySet<Input>, folder: string): Promise<void> {
  if (inputs.has("big")) await makeBigFile(join(folder, "big"));
  if (inputs.has("small") || inputs.has("copies")) {
    console.log(`small     ${await makeSmallFiles(join(folder, "small"))}`);
  }
  if (inputs.has("copies")) await makeCopies(join(folder, "copies"), join(folder, "small"));
  if (inputs.has("package")) await makePackage(join(folder, "package"));
}

async function installedTools(asked: Arguments, folder: string): Promise<Tool[]> {
  const makers: Readonly<Record<ToolName, () => Promise<Tool>>> = {
    "dfs": () => dfsTool(asked.source ? {} : { bundle: folder }),
    "rsync": () => rsyncTool("rsync"),
    "rsync -z": () => rsyncTool("rsync -z"),
    "rsync as it comes": () => rsyncTool("rsync as it comes"),
    "unison": () => unisonTool(join(folder, "unison")),
  };
  const tools: Tool[] = [];
  for (const name of toolNames.filter((name) => asked.tools?.has(name) ?? true)) {
    try {
      tools.push(await makers[name]());
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      console.log(`${name.padEnd(10)}is not installed`);
    }
  }
  return tools;
}
