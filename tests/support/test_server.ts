import { openServer } from "../../lib/app/mod.ts";
import { createServer, type HttpHandler } from "../../lib/network/mod.ts";
import { TempFolder } from "./temp_folder.ts";

/** A server in this process. */
export interface TestServer extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
}

/** Serves a handler on a free port. */
export async function serveHandler(handler: HttpHandler): Promise<TestServer> {
  const server = createServer("async", { handler, onError: report });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Serves a data folder, as `dfs serve` does. */
export async function serveFolder(dataFolder: string, port = 0): Promise<TestServer> {
  return await openServer({
    hostname: "127.0.0.1",
    port,
    dataFolder,
    server: "async",
    log: { level: "error" },
    onError: report,
  });
}

/** Serves a data folder that is gone afterwards. */
export async function startServer(): Promise<TestServer> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make());
  const { url } = stack.use(await serveFolder(temp.folder("data")));
  const owned = stack.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Where a space stands, or `undefined` if there is none: asked as any program could. */
export async function revisionOf(url: string, space = "default"): Promise<number | undefined> {
  const response = await fetch(`${url}/api/spaces/${space}`);
  const data = await response.json();
  return response.ok ? data.revision : undefined;
}

function report(error: unknown): void {
  console.error("The server under test says:", error);
}
