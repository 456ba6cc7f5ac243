import { Router, servePoolWorker, text } from "../../lib/network/mod.ts";

/** The application that every server of the contract serves; as a module it is the worker of the pool, too. */
export const contractRouter: Router = new Router()
  .get("/hello", () => text("Hello, World!"))
  .get("/never", () => new Promise<never>(() => {}))
  .get("/users/:id", (_request, { id }) => text(id))
  .get("/bytes/:count", (_request, { count }) => ({ status: 200, body: pieces(Number(count)) }))
  .any("/echo", async (request) => ({ status: 200, body: await request.body.bytes({ max: 64 * 1024 * 1024 }) }))
  .put("/sink", async (request) => {
    let length = 0;
    for await (const piece of request.body) length += piece.length;
    return text(String(length));
  })
  .get("/die", () => {
    // Outside of any handler, where nothing catches it: this ends a worker.
    queueMicrotask(() => {
      throw new Error("the worker dies");
    });
    return text("dying");
  })
  .get("/slow", async () => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    return text("slow");
  });

async function* pieces(count: number): AsyncGenerator<Uint8Array, void, void> {
  const piece = new Uint8Array(10_000);
  for (let left = count; left > 0; left -= piece.length) {
    yield await Promise.resolve(piece.subarray(0, Math.min(left, piece.length)));
  }
}

servePoolWorker(() => contractRouter.handler);
