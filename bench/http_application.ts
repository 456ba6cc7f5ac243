import { FileBody, Router, servePoolWorker, text } from "../lib/network/mod.ts";

/** The application in our own servers. */
export function newRouter(file: string): Router {
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

// As a module of its own it is the worker of the pool, too.
servePoolWorker((file) => newRouter(String(file)).handler);
