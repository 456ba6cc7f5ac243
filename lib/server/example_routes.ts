import { json, type Router, text } from "../network/mod.ts";

/**
 * Adds routes for demonstration and measurement: `/`, `/hello`, `/info`, `/echo`, `/headers` and
 * `/users/:id/posts/:postId`.
 */
export function addExampleRoutes(router: Router, options: { readonly version: string }): void {
  router.get("/", () => text("This is a dfs server with its example routes"));
  router.get("/hello", () => text("Hello, World!"));
  router.get("/info", () => json({ name: "dfs", version: options.version, protocol: "HTTP/1.1" }));
  router.any("/echo", (request) => {
    const type = request.headers.get("content-type") ?? "application/octet-stream";
    return { status: 200, headers: { "Content-Type": type }, body: request.body };
  });
  router.get("/headers", (request) => json(Object.fromEntries(request.headers)));
  router.get("/users/:id/posts/:postId", (_request, params) => json(params));
}
