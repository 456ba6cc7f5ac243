/**
 * The servers that `http_servers.ts` measures, one a process: `deno run bench/http_subjects.ts NAME FILE`. Each prints its
 * port. All answer `/` with a short text, `/file` with the file, and take a body at `PUT /sink`.
 */
import { createServer, FileBody, Router, servePoolWorker, text } from "../lib/network/mod.ts";

/** The application in our own servers. */
function newRouter(file: string): Router {
  return new Router()
    .get("/", () => text("Hello, World!"))
    .get("/users/:id", (_request, { id }) => text(id))
    .get("/file", async () => ({ status: 200, body: await FileBody.open(file) }))
    .put("/sink", async (request) => {
      let length = 0;
      for await (const piece of request.body) length += piece.length;
      return text(String(length));
    });
}

async function serveOurs(name: "async" | "serial" | "pool", file: string): Promise<void> {
  const { handler } = newRouter(file);
  const server = createServer(name, { handler, module: import.meta.url, config: file, workers: 2 });
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

if (import.meta.main) {
  const [name = "async", file = ""] = Deno.args;
  if (name === "Deno.serve") serveDeno(file);
  else if (name === "serial" || name === "pool") await serveOurs(name, file);
  else await serveOurs("async", file);
} else {
  servePoolWorker((file) => newRouter(String(file)).handler);
}
