/** A load generator on raw sockets, for what wrk cannot do: pipelines, a fixed rate, and where there is no wrk. */

/** What a load looks like. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  /** Requests sent together on a connection. */
  readonly depth: number;
  /** Requests a second over all connections; as many as possible unless given. */
  readonly rate?: number;
  /** A new connection for each request. */
  readonly close?: boolean;
}

/** What a load has measured. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Latency in milliseconds that 99 of 100 requests were below; from the time they were due. */
  readonly p99Ms: number;
}

/** Puts a load on `GET /` of a server. */
export async function putLoad(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const until = start + options.durationMs;
  await Promise.all(
    Array.from({ length: options.connections }, (_, i) => runConnection(options, { until, start, i, latencies })),
  );
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    requestsPerSecond: latencies.length / seconds,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
  };
}

/** What the connections of a load share. */
interface LoadState {
  readonly start: number;
  readonly until: number;
  readonly i: number;
  readonly latencies: number[];
}

async function runConnection(options: LoadOptions, state: LoadState): Promise<void> {
  const { port, depth, close = false } = options;
  const field = close ? "Connection: close\r\n" : "";
  const request = new TextEncoder().encode(`GET / HTTP/1.1\r\nHost: a\r\n${field}\r\n`.repeat(depth));
  const buffer = new Uint8Array(64 * 1024);
  const intervalMs = options.rate === undefined ? 0 : options.connections * depth * 1000 / options.rate;
  let due = state.start + intervalMs * state.i / options.connections;
  let connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let responseBytes = 0;
  while (performance.now() < state.until) {
    if (intervalMs > 0) {
      const waitMs = due - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    } else due = performance.now();
    if (close && responseBytes > 0) connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(request);
    // All responses are alike: the first one tells how long they are.
    let got = await connection.read(buffer) ?? 0;
    if (responseBytes === 0) responseBytes = measureResponse(buffer.subarray(0, got));
    while (got < responseBytes * depth) got += await connection.read(buffer) ?? responseBytes * depth;
    const latency = performance.now() - due;
    for (let i = 0; i < depth; i++) state.latencies.push(latency);
    if (close) connection.close();
    due += intervalMs;
  }
  if (!close) connection.close();
}

function measureResponse(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes);
  const head = text.indexOf("\r\n\r\n") + 4;
  return head + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
}
