import type { DeadlineSweeper } from "./deadline_sweeper.ts";
import { HttpError } from "./http_error.ts";
import type { HttpTimeouts } from "./limits.ts";
import { problemResponse } from "./problem_response.ts";
import { formatResponseHead } from "./response_head.ts";
import type { ByteConnection } from "./types.ts";
import type { DateCache } from "./date_cache.ts";

/** What {@linkcode refuseConnection} works with. */
export interface RefuseConnectionOptions {
  readonly sweeper: DeadlineSweeper;
  readonly timeouts: HttpTimeouts;
  readonly date: DateCache;
}

/** After how many seconds a refused client may try again. */
const retryAfterSeconds = 2;

/** Answers 503 with `Retry-After` before any request was read (RFC 9110 section 15.6.4), and closes. Never rejects. */
export async function refuseConnection(connection: ByteConnection, options: RefuseConnectionOptions): Promise<void> {
  const { sweeper, timeouts } = options;
  const deadline = sweeper.now + timeouts.lingerMs;
  const expiring = { expire: (now: number) => now > deadline && connection.close() };
  sweeper.add(expiring);
  try {
    await connection.write(new TextEncoder().encode(refusalText(options.date.text)));
    await connection.closeWrite();
    const dropped = new Uint8Array(1024);
    while (await connection.read(dropped) !== null);
  } catch {
    // The peer is gone, or too slow to be told.
  } finally {
    sweeper.delete(expiring);
    connection.close();
  }
}

function refusalText(date: string): string {
  const { status, headers, body } = problemResponse(
    new HttpError(503, "Too many connections", { headers: { "Retry-After": String(retryAfterSeconds) } }),
  );
  const content = String(body);
  const head = formatResponseHead({
    status,
    headers,
    length: content.length,
    chunked: false,
    connection: "close",
    date,
  });
  return head + content;
}
