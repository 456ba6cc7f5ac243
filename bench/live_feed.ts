/**
 * Gives events to many readers over real HTTP: the server here, the readers in a process of their own.
 *
 * ```
 * deno run --allow-all bench/live_feed.ts [READERS] [EVENTS]
 * ```
 *
 * Fails if a reader misses an event, is given one twice or out of order, or is dropped.
 *
 * @module
 */
import { serveMonitoring } from "../tests/server/monitoring_fixture.ts";

const [readers = 1000, events = 1000] = Deno.args.map(Number);
/** How many events happen before the program attends to anything else. */
const burst = 10;

await using server = await serveMonitoring();
const readersModule = new URL("./live_feed/readers.ts", import.meta.url);
const child = new Deno.Command(Deno.execPath(), {
  args: ["run", "--allow-all", "--no-check", readersModule.href, server.url, `${readers}`, `${events}`],
  stdout: "piped",
}).spawn();
const output = child.stdout.pipeThrough(new TextDecoderStream());
const said = output.getReader();
await said.read();

const before = Deno.memoryUsage().rss;
let highest = before;
const startedMs = performance.now();
for (let number = 1; number <= events; number++) {
  server.events.emit("file.deleted", { space: "default", path: `folder/file-${number}.txt`, revision: number });
  if (number % burst !== 0) continue;
  await new Promise((resolve) => setTimeout(resolve, 0));
  highest = Math.max(highest, Deno.memoryUsage().rss);
}
const emittedMs = performance.now() - startedMs;
const watch = setInterval(() => highest = Math.max(highest, Deno.memoryUsage().rss), 20);
const { value: outcome = "The readers ended\n" } = await said.read();
clearInterval(watch);
const deliveredMs = performance.now() - startedMs;
const { code } = await child.status;

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
console.log(`${readers} readers, ${events} events each: ${outcome.trimEnd()}`);
console.log(`Emitted in ${emittedMs.toFixed(0)} ms, all delivered after ${deliveredMs.toFixed(0)} ms`);
console.log(`That is ${Math.round(readers * events / deliveredMs * 1000)} deliveries a second`);
console.log(`Memory of the server: ${mebibytes(before)} with the readers connected, ${mebibytes(highest)} at most`);
if (code !== 0) Deno.exit(1);
