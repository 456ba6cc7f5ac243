/**
 * The servers that `http_servers.ts` measures, one a process: `deno run bench/http_subjects.ts NAME FILE
 * [WORKERS]`. Each prints its port. All answer `/` with a short text, `/file` with the file, and take a body at `PUT /sink`.
 */
import { createServer } from "../lib/network/mod.ts";
import { newRouter } from "./http_application.ts";

const module = new URL("./http_application.ts", import.meta.url);

async function serveOurs(name: "async" | "serial" | "pool", file: string, workers: number): Promise<void> {
  const { handler } = newRouter(file);
  const server = createServer(name, { handler, module, config: file, workers });
  const { port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  console.log(port);
}

function serveDeno(file: string): void {
  Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, async (request) => {
    const path = new URL(request.url).pathname;
    if (path === "/file") return new Response((await Deno.open(file)).readable);
    if (path !== "/sink") return new Response("Hello, World!");
    let length = 0;
    if (request.body) { for await (const piece of request.body) length += piece.length; }
    return new Response(String(length));
  });
}

const [name = "async", file = "", workers = "2"] = Deno.args;
if (name === "Deno.serve") serveDeno(file);
else await serveOurs(name === "serial" || name === "pool" ? name : "async", file, Number(workers));
