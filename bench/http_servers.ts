/**
 * Measures the three servers beside `Deno.serve` and `node:http`, all in one run:
 *
 *     deno task bench:http [SECONDS] [SUBJECT...]
 *
 * Requests per second and CPU time per request with 64 connections, kept, new for each request, and with 16 requests
 * pipelined; streaming 1 GiB out of a file and into a sink; latency at half of the full rate; memory of idle connections.
 * Rates and latencies are medians of rounds in which the servers take turns, so that none of them has the better moment.
 * Then the pool by its number of workers: where the load shares the cores with it, requests per CPU second count.
 * `wrk` makes the load where it is installed and can.
 */
import { HttpClient } from "../lib/network/mod.ts";
import { putLoad } from "./http_load.ts";
import { ServerProcess, type Subject, subjects } from "./http_process.ts";

const seconds = Number(Deno.args[0] ?? 2);
const rounds = 5;
const chosen = subjects.filter((name) => Deno.args.length < 2 || Deno.args.slice(1).includes(name));
const fileBytes = 1024 ** 3;
const idleConnections = 10_000;

async function wrk(server: ServerProcess, args: readonly string[]): Promise<number | undefined> {
  const url = `http://127.0.0.1:${server.port}/`;
  try {
    const { stdout } = await new Deno.Command("wrk", { args: ["-t1", "-c64", `-d${seconds}`, ...args, url] }).output();
    const match = /Requests\/sec:\s+([\d.]+)/.exec(new TextDecoder().decode(stdout));
    return match ? Number(match[1]) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What a server did under a load. */
interface Rate {
  readonly perSecond: number;
  /** CPU time per request. */
  readonly cpuUs: number;
}

async function measureRate(
  server: ServerProcess,
  how: { readonly close?: boolean; readonly depth?: number },
): Promise<Rate> {
  const { close = false, depth = 1 } = how;
  const before = server.cpuSeconds();
  const measured = depth === 1 ? await wrk(server, close ? ["-H", "Connection: close"] : []) : undefined;
  const load = { port: server.port, connections: close ? 16 : 64, durationMs: seconds * 1000, depth, close };
  const perSecond = measured ?? (await putLoad(load)).requestsPerSecond;
  return { perSecond, cpuUs: (server.cpuSeconds() - before) * 1e6 / (perSecond * seconds) };
}

function describeRates(rates: readonly Rate[]): string {
  const perSecond = Math.round(median(rates.map((rate) => rate.perSecond)));
  return `${perSecond}/s ${median(rates.map((rate) => rate.cpuUs)).toFixed(1)}us`;
}

/** Latency in milliseconds that 99 of 100 requests are below at half of the full rate. */
async function measureLatency(server: ServerProcess): Promise<number> {
  const load = { port: server.port, connections: 16, durationMs: seconds * 1000, depth: 1 };
  const full = await putLoad(load);
  return (await putLoad({ ...load, rate: full.requestsPerSecond / 2 })).p99Ms;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** What was measured of a server, round by round. */
class Series {
  readonly #kept: Rate[] = [];
  readonly #close: Rate[] = [];
  readonly #pipelined: Rate[] = [];
  readonly #p99Ms: number[] = [];

  /** Measures one round more. */
  async measure(name: Subject, server: ServerProcess): Promise<void> {
    this.#kept.push(await measureRate(server, {}));
    this.#close.push(await measureRate(server, { close: true }));
    if (name === "serial") return;
    this.#pipelined.push(await measureRate(server, { depth: 16 }));
    this.#p99Ms.push(await measureLatency(server));
  }

  /** The medians, as a row of the table. */
  describe(): Record<string, string> {
    const row = { "kept": describeRates(this.#kept), "new each": describeRates(this.#close) };
    if (this.#p99Ms.length === 0) return row;
    const p99 = `${median(this.#p99Ms).toFixed(2)}ms`;
    return { ...row, "16 pipelined": describeRates(this.#pipelined), "p99 at half rate": p99 };
  }
}

/** Measures the servers in turn, forth and back. */
async function measureSeries(servers: ReadonlyMap<Subject, ServerProcess>): Promise<Map<Subject, Series>> {
  const series = new Map(Array.from(servers.keys(), (name) => [name, new Series()] as const));
  for (const server of servers.values()) await measureRate(server, {});
  for (let round = 0; round < rounds; round++) {
    const order = [...servers];
    for (const [name, server] of round % 2 === 0 ? order : order.reverse()) {
      await series.get(name)!.measure(name, server);
    }
    console.log(`round ${round + 1} of ${rounds} is measured`);
  }
  return series;
}

async function measureStreams(server: ServerProcess): Promise<[out: string, sink: string]> {
  using client = new HttpClient({ origin: `http://127.0.0.1:${server.port}` });
  const gigabytes = (bytes: number, since: number) => `${(bytes / 1e6 / (performance.now() - since)).toFixed(2)}GB/s`;
  const outStart = performance.now();
  let length = 0;
  for await (const piece of (await client.request({ method: "GET", path: "/file" })).body) length += piece.length;
  const out = gigabytes(length, outStart);
  const piece = new Uint8Array(8 * 1024 * 1024);
  const sinkStart = performance.now();
  const body = Array.from({ length: fileBytes / piece.length }, () => piece);
  await (await client.request({ method: "PUT", path: "/sink", body })).bytes({ max: 100 });
  return [`${out} peak ${mebibytes(server)}`, `${gigabytes(fileBytes, sinkStart)} peak ${mebibytes(server)}`];
}

function mebibytes(server: ServerProcess): string {
  return `${Math.round(server.memoryBytes() / 1024 ** 2)}MiB`;
}

async function measureIdle(server: ServerProcess): Promise<string> {
  await putLoad({ port: server.port, connections: 64, durationMs: 500, depth: 1 });
  const before = server.memoryBytes();
  const request = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const buffer = new Uint8Array(1024);
  const connections: Deno.TcpConn[] = [];
  for (let i = 0; i < idleConnections; i++) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await connection.write(request);
    await connection.read(buffer);
    connections.push(connection);
  }
  const each = (server.memoryBytes() - before) / idleConnections / 1024;
  for (const connection of connections) connection.close();
  return `${each.toFixed(1)}KiB`;
}

/** Requests per second, and per second of CPU time, by the number of workers. */
async function measurePool(file: string): Promise<Record<string, Record<string, string>>> {
  const rows: Record<string, Record<string, string>> = {};
  for (const workers of [0, 1, 2, 4]) {
    await using server = await ServerProcess.start(workers === 0 ? "async" : "pool", file, workers);
    await measureRate(server, {});
    const before = server.cpuSeconds();
    const { requestsPerSecond } = await putLoad({
      port: server.port,
      connections: 64,
      durationMs: seconds * 1000,
      depth: 1,
    });
    const perCpuSecond = requestsPerSecond * seconds / (server.cpuSeconds() - before);
    rows[workers === 0 ? "async" : `pool of ${workers}`] = {
      "per second": String(Math.round(requestsPerSecond)),
      "per CPU second": String(Math.round(perCpuSecond)),
    };
  }
  return rows;
}

const file = await Deno.makeTempFile();
try {
  await Deno.truncate(file, fileBytes);
  // Whoever reads it first would pay for bringing it into memory.
  for await (const _ of (await Deno.open(file)).readable);
  await using stack = new AsyncDisposableStack();
  const servers = new Map<Subject, ServerProcess>();
  for (const name of chosen) servers.set(name, stack.use(await ServerProcess.start(name, file)));
  const series = await measureSeries(servers);
  const rows: Record<string, Record<string, string>> = {};
  for (const [name, server] of servers) {
    const row = rows[name] = series.get(name)!.describe();
    if (name === "serial") continue;
    [row["1 GiB out"], row["1 GiB in"]] = await measureStreams(server) as [string, string];
    row["idle"] = await measureIdle(server);
  }
  console.table(rows);
  if (chosen.includes("pool")) console.table(await measurePool(file));
} finally {
  await Deno.remove(file);
}
