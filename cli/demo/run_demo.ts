import { format as formatBytes } from "@std/fmt/bytes";
import { openConnection } from "../../lib/app/client.ts";
import { pull, push, type SyncReport } from "../../lib/client/mod.ts";
import { Failure, systemClock } from "../../lib/core/mod.ts";
import { TerminalProgress } from "../progress.ts";
import { compareTrees, type Comparison } from "./compare_trees.ts";
import { copyTree } from "./copy_tree.ts";
import type { WireBytes } from "./counting_relay.ts";
import { insertBytes } from "./insert_bytes.ts";
import type { Stage } from "./stage.ts";
import { walkTree } from "./walk_tree.ts";

/** Told of each step that is done: a word, and what came of it. */
export type Tell = (step: string, outcome: string) => void;

/** How many bytes the edit inserts. */
const insertedBytes = 100;

/**
 * Synchronizes a tree from one folder to another over a real server, checks each step, and tells of it.
 *
 * @param source Any folder; it is copied first and stays as it is.
 * @throws {Failure} if a step did not do what it must.
 */
export async function* runDemo(
  stage: Stage,
  options: { readonly source: string; readonly tell: Tell },
): AsyncGenerator<void> {
  const { tell, source } = options;
  const [here, there] = [`${stage.path}/here`, `${stage.path}/there`];
  const copied = copyTree(source, here);
  tell("Copy", `${count(copied.files, "file")}, ${formatBytes(copied.bytes)}, from ${source}`);
  for (const path of copied.skipped) tell("", `left out ${path}: neither file, folder nor link`);
  yield;

  const first = await transfer(stage, push, here);
  const leftOut = new Set(first.report.problems.map(({ path }) => path));
  tell("Push", `into an empty space: ${describe(first)}`);
  for (const { path, problem } of first.report.problems) tell("", `left out ${path}: ${problem}`);
  yield;

  tell("Pull", `into an empty folder: ${describe(await transfer(stage, pull, there))}`);
  yield;
  tell("Compare", describeComparison(compareTrees(here, there, leftOut)));
  yield;

  for (const [name, run, folder] of [["Push", push, here], ["Pull", pull, there]] as const) {
    const again = await transfer(stage, run, folder);
    if (again.report.changes.length > 0 || again.report.revision !== first.report.revision) {
      throw new Failure("corrupt", `A second ${name.toLowerCase()} with nothing changed moved something`);
    }
    tell(name, `again: nothing moved; ${describe(again)}`);
    yield;
  }

  const largest = largestFile(here);
  if (largest === undefined) return;
  insertBytes(`${here}/${largest.path}`, new Uint8Array(insertedBytes).fill(0x2a));
  tell("Edit", `${insertedBytes} bytes inserted in the middle of ${largest.path} (${formatBytes(largest.info.size)})`);
  const edit = await transfer(stage, push, here);
  const { changes, totalBytes } = edit.report;
  const grown = totalBytes - first.report.totalBytes;
  if (changes.length !== 1 || changes[0]?.path !== largest.path || grown !== insertedBytes) {
    throw new Failure("corrupt", `The push of an edit of ${largest.path} pushed something else`);
  }
  tell("Push", `the edit: ${describe(edit)}`);
  yield;
  tell("Pull", `the edit: ${describe(await transfer(stage, pull, there))}`);
  tell("Compare", describeComparison(compareTrees(here, there, leftOut)));
}

/** What a push or pull did, and what it took. */
interface Transfer {
  readonly report: SyncReport;
  readonly seconds: number;
  readonly wire: WireBytes;
}

async function transfer(stage: Stage, run: typeof push, folder: string): Promise<Transfer> {
  const before = stage.relay.bytes;
  const startedMs = performance.now();
  using connection = openConnection(folder, { remote: stage.relay.url });
  using progress = new TerminalProgress("demo");
  const report = await run(connection.workspace, connection.remote, { clock: systemClock, progress });
  const seconds = (performance.now() - startedMs) / 1000;
  const after = stage.relay.bytes;
  return { report, seconds, wire: { up: after.up - before.up, down: after.down - before.down } };
}

function describe({ seconds, wire }: Transfer): string {
  return `${seconds.toFixed(2)} s, ${formatBytes(wire.up)} up and ${formatBytes(wire.down)} down on the wire`;
}

function describeComparison({ files, folders, links, differences }: Comparison): string {
  if (differences.length > 0) {
    throw new Failure("corrupt", `The folders differ at ${count(differences.length, "path")}`, {
      details: differences,
    });
  }
  const all = [count(files, "file"), count(folders, "folder"), count(links, "link")].join(", ");
  return `${all}: equal in every byte, mode and modification time`;
}

function largestFile(folder: string): { readonly path: string; readonly info: Deno.FileInfo } | undefined {
  let largest;
  for (const found of walkTree(folder)) {
    if (found.info.isFile && found.info.size > (largest?.info.size ?? -1)) largest = found;
  }
  return largest;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}
