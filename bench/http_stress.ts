/**
 * Asks a server while others hold on to it: idle connections that were answered once, and slow ones that send a byte a
 * second, in the head or in the body of a request.
 *
 *     deno run --allow-all bench/http_stress.ts [IDLE] [SLOW] [SECONDS]
 *
 * Prints for `async` and for `Deno.serve` how long a steady load on 16 further connections waits for its answers, alone
 * and among the others. Loopback only; `ulimit -n` must allow a descriptor for each connection.
 */
import { type LoadResult, putLoad } from "./http_load.ts";
import { ServerProcess } from "./http_process.ts";

const [idleCount = 10_000, slowCount = 1_000, seconds = 5] = Deno.args.map(Number);
const encoder = new TextEncoder();
const requestsPerSecond = 2_000;
const connectionsAtOnce = 100;

/** Opens connections, some at a time, and sends each its first bytes. */
async function openMany(port: number, count: number, first: (i: number) => string): Promise<Deno.TcpConn[]> {
  const opened: Deno.TcpConn[] = [];
  const open = async (): Promise<void> => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const i = opened.push(connection) - 1;
    await connection.write(encoder.encode(first(i)));
  };
  while (opened.length < count) {
    await Promise.all(Array.from({ length: Math.min(connectionsAtOnce, count - opened.length) }, open));
  }
  return opened;
}

/** Sends a byte a second on each of some connections until it is disposed of. */
function trickle(connections: readonly Deno.TcpConn[]): Disposable {
  const byte = encoder.encode("a");
  const timer = setInterval(() => {
    // The server may have dropped one for its slowness.
    for (const connection of connections) connection.write(byte).catch(() => {});
  }, 1_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function ask(port: number): Promise<LoadResult> {
  return putLoad({ port, connections: 16, durationMs: seconds * 1_000, depth: 1, rate: requestsPerSecond });
}

const rows: Record<string, Record<string, string>> = {};
for (const name of ["async", "Deno.serve"] as const) {
  await using server = await ServerProcess.start(name, "");
  const { port } = server;
  await ask(port);
  const alone = await ask(port);
  const idle = await openMany(port, idleCount, () => "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const slow = await openMany(
    port,
    slowCount,
    (i) =>
      i % 2 === 0
        ? "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "
        : "PUT /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
  );
  using _trickling = trickle(slow);
  const among = await ask(port);
  rows[name] = {
    "p99 alone": `${alone.p99Ms.toFixed(2)}ms`,
    "p99 among them": `${among.p99Ms.toFixed(2)}ms`,
    "answered": `${Math.round(among.requestsPerSecond)}/s of ${requestsPerSecond}/s`,
    "memory": `${Math.round(server.memoryBytes() / 1024 ** 2)}MiB`,
  };
  for (const connection of [...idle, ...slow]) connection.close();
}
console.log(`${idleCount} idle and ${slowCount} slow connections`);
console.table(rows);
