import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { version } from "../lib/version.ts";
import { sourceRoot } from "./support/program.ts";

/** What may lie at the top, and what a run leaves there that git ignores. */
const topNames = [
  ...[".ci", ".git", ".gitignore", "LICENSE", "README.md", "deno.json", "deno.lock", "main.ts"],
  ...["bench", "cli", "lib", "tests", "tools"],
  ...["coverage", "dfs-data", "dist"],
];

/** What each layer may import besides itself; all may import packages and `lib/version.ts`. */
const layers: Readonly<Record<string, readonly string[]>> = {
  "lib/std": [],
  "lib/core": [],
  "lib/events": ["lib/core"],
  "lib/network": ["lib/core"],
  "lib/metadata": ["lib/core"],
  "lib/storage": ["lib/core", "lib/events", "lib/metadata"],
  "lib/sync": ["lib/core", "lib/events", "lib/metadata", "lib/storage"],
  "lib/server": ["lib/core", "lib/events", "lib/network", "lib/metadata", "lib/storage", "lib/sync"],
  "lib/client": ["lib/core", "lib/events", "lib/network", "lib/metadata", "lib/storage", "lib/sync"],
  "lib/app": ["lib"],
  "cli": ["lib"],
  "main.ts": ["cli", "lib"],
};

/** Folders of files that take values and give values. */
const pureFolders = [
  "lib/client/settings",
  "lib/metadata/ddl",
  "lib/metadata/json",
  "lib/sync/reconcile",
  "lib/sync/delta",
  "lib/sync/text",
  "lib/sync/ignore",
];
/** Further files that do. */
const pureFiles = [
  "lib/client/transfer/choose_bases.ts",
  "lib/client/transfer/delta_patience.ts",
  "lib/client/transfer/fetch_plan.ts",
  "lib/client/transfer/gone_files.ts",
  "lib/client/workspace/base.ts",
  "lib/client/guards.ts",
  "lib/client/plan.ts",
  "lib/client/transfer/similar_files.ts",
  "lib/core/byte_reader.ts",
  "lib/core/byte_writer.ts",
  "lib/core/closest_word.ts",
  "lib/core/parse_bytes.ts",
  "lib/core/parse_duration.ts",
  "lib/core/result.ts",
  "lib/core/safe_path.ts",
  "lib/core/token_bucket.ts",
  "lib/core/state_machine.ts",
  "lib/metadata/binary/decode_metadata_block.ts",
  "lib/metadata/binary/encode_metadata_block.ts",
  "lib/metadata/binary/manifest_delta.ts",
  "lib/metadata/binary/stream_format.ts",
  "lib/metadata/entry.ts",
  "lib/metadata/manifest.ts",
  "lib/metadata/store/plan_commit.ts",
  "lib/metadata/store/plan_directory.ts",
  "lib/metadata/tree_hash.ts",
  "lib/network/byte_ranges.ts",
  "lib/network/chunk_states.ts",
  "lib/network/chunked_decoder.ts",
  "lib/network/grammar.ts",
  "lib/network/head_parser.ts",
  "lib/network/head_states.ts",
  "lib/network/host.ts",
  "lib/network/http_headers.ts",
  "lib/network/message_framing.ts",
  "lib/network/preconditions.ts",
  "lib/network/request_head.ts",
  "lib/network/request_reader.ts",
  "lib/network/request_target.ts",
  "lib/network/route_pattern.ts",
  "lib/network/route_table.ts",
  "lib/network/slot_list.ts",
  "lib/storage/chunk_runs.ts",
  "lib/storage/frame_builder.ts",
  "lib/storage/frame_splitter.ts",
  "lib/storage/unpacked_frame.ts",
  "lib/sync/chunker.ts",
  "lib/sync/compare_path.ts",
  "lib/sync/conflict_name.ts",
  "lib/sync/diff.ts",
  "lib/sync/manifest_guess.ts",
  "lib/sync/replaced_run.ts",
  "lib/sync/session.ts",
  "lib/sync/session_form.ts",
  "lib/sync/tree.ts",
];
/** What such a file does without: the platform, waiting, the clock, randomness. */
const impure = /\bDeno\.|\basync\b|\bawait\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bMath\.random\b|\bcrypto\./;

/** The longest a file may be, in lines. */
const fileLinesMax = 400;

interface SourceFile {
  /** Path from the root of the source tree. */
  readonly path: string;
  readonly text: string;
  /** The text without its comments. */
  readonly code: string;
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(`${sourceRoot}${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesBelow(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

function readSource(path: string): SourceFile {
  const text = Deno.readTextFileSync(`${sourceRoot}${path}`);
  return { path, text, code: text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "") };
}

const sources = ["lib", "cli", "tests", "bench", "tools"].flatMap((folder) => [...filesBelow(folder)]).concat("main.ts")
  .map(readSource);

/** The paths of the files for which `check` finds fault, each with what it found. */
function faults(check: (file: SourceFile) => Iterable<string>): string[] {
  return sources.flatMap((file) => [...check(file)].map((fault) => `${file.path}: ${fault}`));
}

Deno.test("the top of the source tree holds what it should, and nothing else", () => {
  const names = [...Deno.readDirSync(sourceRoot)].map(({ name }) => name);
  assertEquals(names.filter((name) => !topNames.includes(name)), []);
});

Deno.test("imports point one way, from the command line down to the core", () => {
  const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const found = faults(function* ({ path, code }) {
    const layer = Object.keys(layers).find((name) => within(path, name));
    if (layer === undefined) return;
    for (const [, specifier] of code.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]*)"/g)) {
      const target = join(path, "..", specifier!).replaceAll("\\", "/");
      const allowed = [layer, "lib/version.ts", ...layers[layer]!];
      if (!allowed.some((folder) => within(target, folder))) yield `imports ${target}`;
    }
  });
  assertEquals(found, []);
});

Deno.test("every folder of lib belongs to a layer, and a mod.ts tells its contract", () => {
  const folders = [...Deno.readDirSync(`${sourceRoot}lib`)].filter(({ isDirectory }) => isDirectory);
  const names = folders.map(({ name }) => `lib/${name}`);
  assertEquals(names.filter((name) => !(name in layers)), []);
  const modules = sources.filter(({ path }) => path.endsWith("/mod.ts") && !path.startsWith("lib/std/"));
  const told = new Set(modules.filter(({ text }) => /^\/\*\*[^]*?@module\b/.test(text)).map(({ path }) => path));
  assertEquals(modules.map(({ path }) => path).filter((path) => !told.has(path)), []);
  assertEquals(names.filter((name) => name !== "lib/std" && !told.has(`${name}/mod.ts`)), []);
});

Deno.test("the pure modules touch no platform, wait for nothing, and know neither clock nor chance", () => {
  const pure = (path: string): boolean =>
    pureFiles.includes(path) || pureFolders.some((folder) => path.startsWith(`${folder}/`));
  const paths = new Set(sources.map(({ path }) => path));
  assertEquals(pureFiles.filter((path) => !paths.has(path)), [], "Listed, and not there");
  for (const folder of pureFolders) assertEquals([...filesBelow(folder)].length > 0, true, `${folder} holds no file`);
  assertEquals(faults(({ path, code }) => pure(path) ? code.match(impure) ?? [] : []), []);
});

Deno.test("files stay small", () => {
  const found = faults(function* ({ text }) {
    const lines = text.split("\n").length - 1;
    if (lines > fileLinesMax) yield `${lines} lines, more than ${fileLinesMax}: look for the second thing in it`;
  });
  assertEquals(found, []);
});

Deno.test("nothing is left to do, to skip, or of any type", () => {
  // The words are put together here, so that this file does not find itself.
  const leftOver = new RegExp(["TO" + "DO", "FIX" + "ME", "XX" + "X"].map((word) => `\\b${word}\\b`).join("|"), "g");
  const shortcut =
    /(?::|<|\bas|\|)\s*any\b(?=\s*[;,)>\]=|[])|@ts-(?:ignore|nocheck|expect-error)|\btest\.only\(|\bdebugger\b/g;
  const found = faults(({ path, text, code }) => [
    ...text.match(leftOver) ?? [],
    ...path.endsWith(".d.ts") || path === "tests/tidy_test.ts" ? [] : code.match(shortcut) ?? [],
  ]);
  assertEquals(found, []);
});

Deno.test("the version is the same everywhere", () => {
  const config: unknown = JSON.parse(Deno.readTextFileSync(`${sourceRoot}deno.json`));
  assertEquals((config as { version: string }).version, version);
});

Deno.test("every task says what it is for", () => {
  const config = JSON.parse(Deno.readTextFileSync(`${sourceRoot}deno.json`)) as {
    tasks: Record<string, { description?: string }>;
  };
  const silent = Object.keys(config.tasks).filter((name) => !config.tasks[name]!.description);
  assertEquals(silent, []);
});
