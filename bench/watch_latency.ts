/**
 * Measures how long a change takes from one watched folder to another: two `dfs watch` and a server, each a process of its
 * own, on this machine.
 *
 * ```
 * deno run --allow-all bench/watch_latency.ts [CHANGES] [FILES]
 * ```
 *
 * FILES is how many files lie in the folders besides. The baseline is a plain copy of the same file from folder to folder.
 *
 * @module
 */
import { bundleProgram } from "../tools/bundle_program.ts";
import { fromFileUrl } from "@std/path";

const [changes = 100, files = 0] = Deno.args.map(Number);
const fileBytes = 4096;
const filesPerFolder = 100;

const work = await Deno.makeTempDir({ prefix: "dfs-latency-" });
const folders = [`${work}/a`, `${work}/b`] as const;
for (const folder of [...folders, `${work}/program`]) await Deno.mkdir(folder);
const program = await bundleProgram(fromFileUrl(new URL("..", import.meta.url)), `${work}/program`);
for (let index = 0; index < files; index++) {
  const directory = `${folders[0]}/d${Math.floor(index / filesPerFolder)}`;
  if (index % filesPerFolder === 0) await Deno.mkdir(directory);
  await Deno.writeTextFile(`${directory}/${index}`, `file ${index}\n`);
}

const children: Deno.ChildProcess[] = [];

/** Starts the program, and waits until a line on its standard output matches. */
async function start(args: readonly string[], line: RegExp): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "--allow-all", program, ...args], stdout: "piped" })
    .spawn();
  children.push(child);
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream()).values({ preventCancel: true })) {
    said += text;
    const match = line.exec(said);
    if (match !== null) return match[1] ?? "";
  }
  throw new Error(`It ended: ${said}`);
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

/** Waits until a file has a content; gives when. */
async function arrival(path: string, content: string): Promise<number> {
  for (;;) {
    try {
      if (Deno.readTextFileSync(path) === content) return performance.now();
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

try {
  const url = await start(["serve", "--data-dir", `${work}/data`, "--port", "0"], /listening on (\S+)/);
  await start(["watch", folders[0], "--remote", url], /synchronized/);
  await start(["watch", folders[1], "--remote", url], /synchronized/);
  const [carried, copied]: [number[], number[]] = [[], []];
  for (let change = 0; change < changes; change++) {
    const content = `${change} `.padEnd(fileBytes, "x");
    const [from, to] = change % 2 === 0 ? folders : [folders[1], folders[0]];
    const name = `file-${change % 10}`;
    Deno.writeTextFileSync(`${from}/${name}`, content);
    const closedMs = performance.now();
    carried.push(await arrival(`${to}/${name}`, content) - closedMs);
    const copyMs = performance.now();
    Deno.copyFileSync(`${from}/${name}`, `${work}/copy`);
    copied.push(performance.now() - copyMs);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const told = (times: readonly number[]): string =>
    `median ${median(times).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms`;
  console.log(`${changes} changes of ${fileBytes} bytes beside ${files} files: ${told(carried)}`);
  console.log(`A plain copy of the same: ${told(copied)}`);
} finally {
  for (const child of children) child.kill("SIGKILL");
  for (const child of children) await child.status;
  await Deno.remove(work, { recursive: true });
}
