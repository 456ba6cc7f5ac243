/**
 * Measures how much memory client and server take at most, in processes of their own: 100,000 small files, and one file
 * of 1 GiB, each pushed and pulled. `deno run --allow-all bench/memory.ts [--files N] [--bytes N]`
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { fromFileUrl } from "@std/path";
import { bundleProgram } from "../tools/bundle_program.ts";
import { engineFlags } from "../tools/executables.ts";

const mib = 1024 * 1024;

/** The most that client and server may take, in MB, by what is carried. */
const limits = { files: 400, bytes: 250 };

/** How often a process is looked at; its high-water mark counts what was in between. */
const lookMs = 20;

/** The most memory a process took, in MB; read until it ends. */
async function watchMemory(pid: number, ended: Promise<unknown>): Promise<number> {
  let peak = 0;
  let running = true;
  ended.then(() => running = false);
  while (running) {
    peak = Math.max(peak, peakOf(pid));
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return peak;
}

function peakOf(pid: number): number {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync(`/proc/${pid}/status`));
    return match === null ? 0 : Math.round(Number(match[1]) * 1024 / 1e6);
  } catch {
    return 0;
  }
}

function spawn(program: string, args: readonly string[], stdout: "piped" | "null"): Deno.ChildProcess {
  const command = ["run", "--allow-all", "--no-check", "--unstable-net", engineFlags, program, ...args];
  return new Deno.Command(Deno.execPath(), { args: command, stdin: "null", stdout, stderr: "inherit" }).spawn();
}

async function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly peak: number; readonly seconds: number }> {
  const startedMs = performance.now();
  const process = spawn(program, args, "null");
  const peak = await watchMemory(process.pid, process.status);
  const { code } = await process.status;
  if (code !== 0) throw new Error(`dfs ${args[0]} ended with ${code}`);
  return { peak, seconds: (performance.now() - startedMs) / 1000 };
}

/** Pushes and pulls a folder, with a server of its own; prints the peaks and says whether they are within the limit. */
async function measure(
  program: string,
  name: keyof typeof limits,
  fill: (folder: string) => void,
): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "dfs-memory-" });
  const server = spawn(program, ["serve", "--port", "0", "--data-dir", `${folder}/data`], "piped");
  try {
    const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("\n")) said += (await lines.read()).value ?? "\n";
    const url = /http:\S+/.exec(said)![0];
    lines.releaseLock();
    for (const side of ["here", "there"]) Deno.mkdirSync(`${folder}/${side}`);
    fill(`${folder}/here`);
    let within = true;
    for (const [command, side] of [["push", "here"], ["pull", "there"], ["push", "there"]] as const) {
      const { peak, seconds } = await run(program, [command, `${folder}/${side}`, "--remote", url, "--quiet"]);
      const serverPeak = peakOf(server.pid);
      within &&= Math.max(peak, serverPeak) <= limits[name];
      console.log(
        `${name} ${command} ${side}: client ${peak} MB, server ${serverPeak} MB (limit ${limits[name]}), ` +
          `${seconds.toFixed(1)} s`,
      );
    }
    return within;
  } finally {
    server.kill("SIGTERM");
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
}

function fillWithFiles(folder: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const directory = `${folder}/${Math.floor(index / 1000)}`;
    if (index % 1000 === 0) Deno.mkdirSync(directory);
    Deno.writeTextFileSync(`${directory}/file-${index}.txt`, `The content of file ${index}\n`.repeat(20 + index % 50));
  }
}

function fillWithBytes(folder: string, bytes: number): void {
  using file = Deno.openSync(`${folder}/large`, { create: true, write: true });
  for (let written = 0; written < bytes; written += mib) {
    const block = new Uint8Array(mib);
    for (let at = 0; at < mib; at += 65_536) crypto.getRandomValues(block.subarray(at, at + 65_536));
    file.writeSync(block);
  }
}

if (import.meta.main) {
  const { files, bytes } = parseArgs(Deno.args, {
    string: ["files", "bytes"],
    default: { files: "100000", bytes: "" },
  });
  const size = bytes === "" ? 1024 * mib : Number(bytes);
  const folder = await Deno.makeTempDir({ prefix: "dfs-memory-program-" });
  let within = true;
  try {
    const program = await bundleProgram(fromFileUrl(import.meta.resolve("../")), folder);
    if (Number(files) > 0) within &&= await measure(program, "files", (into) => fillWithFiles(into, Number(files)));
    if (size > 0) within = await measure(program, "bytes", (into) => fillWithBytes(into, size)) && within;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  Deno.exit(within ? 0 : 1);
}
