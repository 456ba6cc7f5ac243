import { HttpError } from "./http_error.ts";
import { type Answer, type Middleware, wrapHandler } from "./middleware.ts";
import { empty } from "./responses.ts";
import type { RouteParams } from "./route_params.ts";
import { parseRoutePattern } from "./route_pattern.ts";
import { RouteTable, type RouteTarget } from "./route_table.ts";
import type { HttpHandler, HttpRequest } from "./types.ts";

/** Answers the requests of a route. */
export type RouteHandler<Pattern extends string> = (request: HttpRequest, params: RouteParams<Pattern>) => Answer;

/** Options of a route. */
export interface RouteOptions {
  /** Most bytes of a request's content: 413. */
  readonly bodyBytesMax?: number;
  /** Middleware for this route alone, inside that of the router. */
  readonly use?: readonly Middleware[];
}

/** A handler whatever the pattern was. */
type AnyRouteHandler = (request: HttpRequest, params: Readonly<Record<string, string>>) => Answer;

interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handler: AnyRouteHandler;
}

/** The method of a route that takes every method. */
const anyMethod = "*";
const noParams: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Leads requests to handlers by path and method.
 *
 * Patterns consist of literal segments, `:name` for one segment that is not empty, and `*name` for all that is left,
 * at the end. Where several match, the decision goes segment by segment from the left: literal text before a parameter,
 * a parameter before a tail; a pattern that lacks the method yields to the next one. Segments are percent-decoded, once,
 * before they are compared; a tail is the decoded segments joined by `/`.
 *
 * A path that no pattern matches is answered 404; one that matches but lacks the method, 405 with `Allow`
 * (RFC 9110 section 15.5.6). HEAD is answered as GET without the content, OPTIONS with `Allow`, unless routes say else.
 *
 * @example
 * ```ts
 * import { Router } from "./router.ts";
 * import { json } from "./responses.ts";
 *
 * const router = new Router();
 * router.get("/users/:id/posts/:postId", (_request, { id, postId }) => json({ id, postId }));
 * router.get("/files/*path", (_request, { path }) => json({ path }));
 * router.handler satisfies (request: never) => unknown;
 * ```
 */
export class Router {
  readonly #routes: Route[] = [];
  readonly #middleware: Middleware[] = [];
  readonly #routeMiddleware: ((pattern: string) => Middleware)[] = [];
  readonly #mounted: { readonly prefix: string; readonly router: Router }[] = [];

  /** Adds a route for GET, and for HEAD unless there is one. */
  get<Pattern extends string>(pattern: Pattern, handler: RouteHandler<Pattern>, options?: RouteOptions): this {
    return this.on("GET", pattern, handler, options);
  }

  /** Adds a route for POST. */
  post<Pattern extends string>(pattern: Pattern, handler: RouteHandler<Pattern>, options?: RouteOptions): this {
    return this.on("POST", pattern, handler, options);
  }

  /** Adds a route for PUT. */
  put<Pattern extends string>(pattern: Pattern, handler: RouteHandler<Pattern>, options?: RouteOptions): this {
    return this.on("PUT", pattern, handler, options);
  }

  /** Adds a route for PATCH. */
  patch<Pattern extends string>(pattern: Pattern, handler: RouteHandler<Pattern>, options?: RouteOptions): this {
    return this.on("PATCH", pattern, handler, options);
  }

  /** Adds a route for DELETE. */
  delete<Pattern extends string>(pattern: Pattern, handler: RouteHandler<Pattern>, options?: RouteOptions): this {
    return this.on("DELETE", pattern, handler, options);
  }

  /** Adds a route for every method that has none of its own there. */
  any<Pattern extends string>(pattern: Pattern, handler: RouteHandler<Pattern>, options?: RouteOptions): this {
    return this.on(anyMethod, pattern, handler, options);
  }

  /** Adds a route for a method, given in upper case as it is sent. */
  on<Pattern extends string>(
    method: string,
    pattern: Pattern,
    handler: RouteHandler<Pattern>,
    options: RouteOptions = {},
  ): this {
    parseRoutePattern(pattern);
    this.#routes.push({ method, pattern, handler: withOptions(handler as AnyRouteHandler, options) });
    return this;
  }

  /** Puts middleware around all routes of this router, also those added later; the first one added is outermost. */
  use(...middleware: readonly Middleware[]): this {
    this.#middleware.push(...middleware);
    return this;
  }

  /**
   * Puts middleware around each route, mounted ones too, that is made for the pattern of the route. It stands inside the
   * middleware of {@linkcode use}, and is not called for requests that no route takes.
   */
  useForRoutes(...make: readonly ((pattern: string) => Middleware)[]): this {
    this.#routeMiddleware.push(...make);
    return this;
  }

  /** Serves the routes of another router under a prefix such as `/api`, inside its own middleware. */
  mount(prefix: string, router: Router): this {
    parseRoutePattern(prefix);
    this.#mounted.push({ prefix: prefix === "/" ? "" : prefix, router });
    return this;
  }

  /** The router as a handler; routes and middleware that are added afterwards do not change it. */
  get handler(): HttpHandler {
    const table = new RouteTable<AnyRouteHandler>();
    for (const { method, pattern, handler } of this.#allRoutes()) {
      table.add(method, parseRoutePattern(pattern), handler);
    }
    return wrapHandler((request) => route(table, request), this.#middleware);
  }

  /** Method and pattern of every route, those of mounted routers first; `*` is any method. */
  get routes(): { readonly method: string; readonly pattern: string }[] {
    return Array.from(this.#allRoutes(), ({ method, pattern }) => ({ method, pattern }));
  }

  /** The routes of mounted routers and its own, each inside what was made for its pattern. */
  *#allRoutes(): Generator<Route> {
    for (const { method, pattern, handler } of [...this.#mountedRoutes(), ...this.#routes]) {
      const middleware = this.#routeMiddleware.map((make) => make(pattern));
      yield { method, pattern, handler: wrapRouteHandler(handler, middleware) };
    }
  }

  /** The routes of mounted routers, their middleware included. */
  *#mountedRoutes(): Generator<Route> {
    for (const { prefix, router } of this.#mounted) {
      for (const { method, pattern, handler } of router.#allRoutes()) {
        const full = pattern === "/" && prefix !== "" ? prefix : prefix + pattern;
        yield { method, pattern: full, handler: wrapRouteHandler(handler, router.#middleware) };
      }
    }
  }
}

function withOptions(handler: AnyRouteHandler, options: RouteOptions): AnyRouteHandler {
  const wrapped = wrapRouteHandler(handler, options.use ?? []);
  const { bodyBytesMax } = options;
  if (bodyBytesMax === undefined) return wrapped;
  return (request, params) => {
    request.body.limit(bodyBytesMax);
    return wrapped(request, params);
  };
}

function wrapRouteHandler(handler: AnyRouteHandler, middleware: readonly Middleware[]): AnyRouteHandler {
  return middleware.reduceRight<AnyRouteHandler>(
    (next, around) => (request, params) => around(request, (inner) => next(inner, params)),
    handler,
  );
}

function route(table: RouteTable<AnyRouteHandler>, request: HttpRequest): Answer {
  const { method, path } = request;
  const direct = table.findStatic(path);
  const handler = direct && handlerFor(direct, method);
  if (handler) return handler(request, noParams);
  return routeByTree(table, request);
}

function routeByTree(table: RouteTable<AnyRouteHandler>, request: HttpRequest): Answer {
  const { method, path } = request;
  if (path === "*") return empty({ headers: { Allow: allowValue(table.methods()) } });
  const matches = table.findAll(decodeSegments(path));
  for (const { target, values } of matches) {
    const handler = handlerFor(target, method);
    if (handler) return handler(request, Object.fromEntries(target.names.map((name, i) => [name, values[i]!])));
  }
  if (matches.length === 0) throw new HttpError(404, "There is nothing at this path");
  const allow = allowValue(new Set(matches.flatMap(({ target }) => [...target.methods.keys()])));
  if (method === "OPTIONS") return empty({ headers: { Allow: allow } });
  throw new HttpError(405, `The path takes ${allow}`, { headers: { Allow: allow } });
}

function handlerFor(target: RouteTarget<AnyRouteHandler>, method: string): AnyRouteHandler | undefined {
  const { methods } = target;
  return methods.get(method) ?? (method === "HEAD" ? methods.get("GET") : undefined) ?? methods.get(anyMethod);
}

function allowValue(methods: Set<string>): string {
  methods.delete(anyMethod);
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods.add("OPTIONS")].sort().join(", ");
}

/** The segments of a path, percent-decoded as UTF-8 (RFC 3986 section 2.1). */
function decodeSegments(path: string): string[] {
  const segments = path.slice(1).split("/");
  if (!path.includes("%")) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    throw new HttpError(400, "The path is not percent-encoded UTF-8");
  }
}
