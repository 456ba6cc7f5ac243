import type { HttpHandler, HttpRequest, HttpResponse } from "./types.ts";

/** A response now or later. */
export type Answer = HttpResponse | Promise<HttpResponse>;

/**
 * Stands around handlers: it may answer itself, or call `next` once and give back what that gave, changed or not. What
 * a handler throws comes out of `next`.
 */
export type Middleware = (request: HttpRequest, next: HttpHandler) => Answer;

/** Middleware that looks at a request first: what it returns is the response, `undefined` goes on. */
export function before(
  look: (request: HttpRequest) => HttpResponse | undefined | Promise<HttpResponse | undefined>,
): Middleware {
  return (request, next) => {
    const looked = look(request);
    if (looked instanceof Promise) return looked.then((response) => response ?? next(request));
    return looked ?? next(request);
  };
}

/** Middleware that looks at every response on its way out. */
export function after(change: (response: HttpResponse, request: HttpRequest) => Answer): Middleware {
  return (request, next) => {
    const answer = next(request);
    if (answer instanceof Promise) return answer.then((response) => change(response, request));
    return change(answer, request);
  };
}

/** Middleware that answers for errors; throw again what it does not know. */
export function onError(answer: (error: unknown, request: HttpRequest) => Answer): Middleware {
  return (request, next) => {
    try {
      const response = next(request);
      return response instanceof Promise ? response.catch((error) => answer(error, request)) : response;
    } catch (error) {
      return answer(error, request);
    }
  };
}

/** Puts middleware around a handler, the first one outermost. */
export function wrapHandler(handler: HttpHandler, middleware: readonly Middleware[]): HttpHandler {
  return middleware.reduceRight<HttpHandler>((next, around) => (request) => around(request, next), handler);
}
