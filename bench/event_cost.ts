/**
 * Measures what those who listen cost the push of many small files: the same push without any component, with logger and
 * metrics, and with all components, in turn.
 *
 * ```
 * deno run --allow-all --v8-flags=--expose-gc bench/event_cost.ts [ROUNDS] [FILES]
 * ```
 *
 * Client and server run in this one process, so that what both compute is counted. What is told is the mean of the
 * cheaper half of the rounds: what else the machine does only ever adds. The push with nobody listening is measured twice;
 * by how much the two differ is what cannot be told from nothing.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { auditComponent } from "../lib/app/audit.ts";
import { openConnection } from "../lib/app/client.ts";
import { startEventSystem } from "../lib/app/event_system.ts";
import { openLog } from "../lib/app/open_log.ts";
import { servingComponents } from "../lib/app/serving_components.ts";
import { openStores } from "../lib/app/stores.ts";
import { push } from "../lib/client/mod.ts";
import { systemClock } from "../lib/core/mod.ts";
import { type Component, EventLogger, EventMetrics, MetricsRegistry } from "../lib/events/mod.ts";
import { createServer } from "../lib/network/mod.ts";
import { apiRouter } from "../lib/server/mod.ts";
import { MaintenanceService, MetadataService, SyncService } from "../lib/sync/service/mod.ts";
import { SessionService } from "../lib/sync/sessions/mod.ts";
import { makeTree } from "./peers/made_tree.ts";

const [rounds = 9, files = 18_000] = Deno.args.map(Number);
const bytesPerFile = 4000;

/** What a push took, in milliseconds. */
interface Cost {
  readonly elapsed: number;
  readonly cpu: number;
}

const variants: Readonly<Record<string, (folder: string) => Promise<readonly Component[]>>> = {
  "nobody listens": () => Promise.resolve([]),
  "nobody, again": () => Promise.resolve([]),
  "logger and metrics": async (folder) => [await logger(folder), new EventMetrics(new MetricsRegistry())],
  "all components": async (folder) => [
    await logger(folder),
    auditComponent(`${folder}/audit.jsonl`),
    ...servingComponents({ follows: true }).components,
  ],
};

/** Logs to a file, as a server does that was told one. */
async function logger(folder: string): Promise<Component> {
  const log = await openLog({ file: `${folder}/dfs.log` });
  const component = new EventLogger(log);
  return {
    name: component.name,
    start: (bus) => component.start(bus),
    stop: async () => {
      await component.stop();
      await log[Symbol.asyncDispose]();
    },
  };
}

async function measure(tree: string, variant: string): Promise<Cost> {
  const folder = await Deno.makeTempDir({ prefix: "dfs-bench-" });
  try {
    await using system = await startEventSystem({ name: "bench", components: await variants[variant]!(folder) });
    const { events } = system;
    await using stores = await openStores(folder, events);
    const service = new SyncService({ ...stores, clock: systemClock, events });
    const { monitoring } = servingComponents({ follows: true });
    const metadata = new MetadataService({ repository: stores.repository, service, clock: systemClock });
    const sessions = new SessionService({
      ...{ sessions: stores.sessions, trees: stores.metadata, chunks: stores.chunks },
      ...{ service, metadata, events, clock: systemClock, newId: () => crypto.randomUUID() },
    });
    const maintenance = new MaintenanceService({ ...stores, clock: systemClock, events });
    const shared = { service, metadata, maintenance, sessions, events, clock: systemClock, monitoring };
    const options = { ...shared, version: "bench", examples: false, hosts: [] };
    await using server = createServer("async", { handler: apiRouter(options).handler });
    const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
    await using _state = { [Symbol.asyncDispose]: () => Deno.remove(`${tree}/.dfs`, { recursive: true }) };
    using connection = openConnection(tree, { remote: `http://127.0.0.1:${port}` });
    // Otherwise one push pays for what the one before left behind.
    globalThis.gc?.();
    const [startedMs, used] = [performance.now(), cpuUsage()];
    const report = await push(connection.workspace, connection.remote, {
      clock: systemClock,
    });
    const { user, system: kernel } = cpuUsage(used);
    const cost = { elapsed: performance.now() - startedMs, cpu: (user + kernel) / 1000 };
    if (!report.synchronized || report.files !== files) throw new Error("The push did not carry everything");
    return cost;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The mean of the cheaper half. */
function cheaperHalf(values: readonly number[]): number {
  const half = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length / 2));
  return half.reduce((sum, value) => sum + value, 0) / half.length;
}

declare global {
  var gc: (() => void) | undefined;
}

const tree = await Deno.makeTempDir({ prefix: "dfs-bench-tree-" });
try {
  makeTree(tree, { files, bytes: files * bytesPerFile, seed: 7 });
  const names = Object.keys(variants);
  const costs = new Map<string, Cost[]>(names.map((name) => [name, []]));
  await measure(tree, names[0]!);
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another one, every other goes backwards: none always comes first, or after the same one.
    const turned = names.map((_, index) => names[(index + (round >> 1)) % names.length]!);
    for (const name of round % 2 === 0 ? turned : turned.toReversed()) {
      costs.get(name)!.push(await measure(tree, name));
    }
  }
  const base = costs.get(names[0]!)!;
  for (const name of names) {
    const own = costs.get(name)!;
    const part = (of: (cost: Cost) => number): string => {
      const more = cheaperHalf(own.map(of)) / cheaperHalf(base.map(of)) - 1;
      return `${cheaperHalf(own.map(of)).toFixed(0)} ms (${(100 * more).toFixed(1)} % more)`;
    };
    console.log(`${name.padEnd(18)}  elapsed ${part((c) => c.elapsed)}, processor ${part((c) => c.cpu)}`);
  }
} finally {
  await Deno.remove(tree, { recursive: true });
}
