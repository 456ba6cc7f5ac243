import { format as formatBytes } from "@std/fmt/bytes";
import { Failure, systemClock } from "../lib/core/mod.ts";
import type { HistoryRemote } from "../lib/client/mod.ts";
import { type DiffSide, textBytesMax, unifiedDiff } from "../lib/sync/text/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { atOption, connectHistory, literalOption } from "./history_options.ts";
import { parseMoment } from "./moment.ts";
import { printable, write, writeJson, writeText } from "./output.ts";
import { serverOptions } from "./server_options.ts";
import { type FileVersion, parseVersionedPath, pickFile, type VersionedPath } from "./versioned_path.ts";

/** A version of a file, and where it lies. */
interface Side extends FileVersion {
  readonly path: VersionedPath["path"];
}

/** `dfs diff` */
export const diff: Command = {
  name: "diff",
  summary: "Show what turned one version of a file into another, or into what it is now: dfs diff PATH@3",
  operands: "PATH[@VERSION] [PATH[@VERSION]]",
  operandsMax: 2,
  options: {
    ...serverOptions,
    at: { ...atOption, help: `Compare with the first PATH as it was then: ${atOption.help}` },
    literal: literalOption,
  },
  async run(invocation) {
    const { first, second, at } = operands(invocation);
    using opened = connectHistory(invocation);
    const { history } = opened;
    const [before, after] = [await lookUp(history, first, at), await lookUp(history, second)];
    const equal = before.hash === after.hash && before.size === after.size;
    if (invocation.flag("json")) writeJson({ equal, before, after });
    else if (!equal) await show(history, before, after);
    return exitCodes.done;
  },
};

function operands(invocation: Invocation): {
  readonly first: VersionedPath;
  readonly second: VersionedPath;
  readonly at: string | undefined;
} {
  const literal = invocation.flag("literal");
  const first = parseVersionedPath(invocation.operands[0], literal);
  const [, other] = invocation.operands;
  const second = other === undefined ? { ...first, version: undefined } : parseVersionedPath(other, literal);
  const at = invocation.text("at");
  if (at !== undefined && first.version !== undefined) {
    throw new Failure("usage", "PATH@VERSION and --at are two answers to one question", { hint: "Name one of them" });
  }
  if (at === undefined && first.version === undefined && other === undefined) {
    throw new Failure("usage", "dfs diff needs to know which version to compare", {
      hint: `Write dfs diff ${first.path}@VERSION, or --at TIME; dfs log ${first.path} lists the versions`,
    });
  }
  return { first, second, at: at === undefined ? undefined : parseMoment(at, systemClock.now()) };
}

async function lookUp(history: HistoryRemote, wanted: VersionedPath, at?: string): Promise<Side> {
  const picked = pickFile(await history.versions(wanted.path, at), wanted);
  return { path: wanted.path, ...picked };
}

async function show(history: HistoryRemote, before: Side, after: Side): Promise<void> {
  const [from, to] = [nameOf(before), nameOf(after)].map(printable);
  const sizes = `${from} (${formatBytes(before.size)}) and ${to} (${formatBytes(after.size)})`;
  if (Math.max(before.size, after.size) > textBytesMax) {
    write(`${sizes} differ; they are too long to be compared as text`);
    return;
  }
  const text = unifiedDiff(await read(history, before), await read(history, after));
  if (text === undefined) write(`Binary files ${sizes} differ`);
  else writeText(text);
}

async function read(history: HistoryRemote, side: Side): Promise<DiffSide> {
  const bytes = new Uint8Array(side.size);
  let length = 0;
  for await (const piece of history.content(side.path, side.version)) {
    if (length + piece.length > bytes.length) break;
    bytes.set(piece, length);
    length += piece.length;
  }
  if (length === bytes.length) return { name: nameOf(side), bytes };
  throw new Failure("corrupt", `The server gives another length of ${nameOf(side)} than it tells`);
}

function nameOf({ path, version }: Side): string {
  return `${path}@${version}`;
}
