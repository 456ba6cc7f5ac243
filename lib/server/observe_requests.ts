import type { Clock } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { type HttpRequest, type HttpResponse, type Middleware, problemResponse, type Router } from "../network/mod.ts";
import { observedResponse } from "./observed_response.ts";

/** What {@linkcode observeRequests} works with. */
export interface ObserveRequestsOptions {
  readonly events: EventBus;
  readonly clock: Clock;
}

/** What stands for the route of a request that no route takes. */
export const unknownRoute = "(none)";

/** Methods that are named as they are; clients may think up others without end. */
const knownMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Emits `http.request_completed` for every request of a router: the pattern of the route, never the path. Add it before
 * other middleware, so that it sees the answer as it leaves. While nobody is subscribed it does nothing.
 */
export function observeRequests(router: Router, options: ObserveRequestsOptions): void {
  const { events, clock } = options;
  const routes = new WeakMap<HttpRequest, string>();
  const observe: Middleware = (request, next) => {
    if (!events.wants("http.request_completed")) return next(request);
    const startedMs = clock.monotonic();
    const completed = (status: number, bytes: number): void =>
      events.emit("http.request_completed", {
        method: knownMethods.has(request.method) ? request.method : "other",
        route: routes.get(request) ?? unknownRoute,
        status,
        durationMs: clock.monotonic() - startedMs,
        bytes,
      });
    const leave = (response: HttpResponse) => observedResponse(response, (bytes) => completed(response.status, bytes));
    const refuse = (error: unknown): never => {
      const { status, body } = problemResponse(error);
      completed(status, typeof body === "string" ? body.length : 0);
      throw error;
    };
    try {
      const answer = next(request);
      return answer instanceof Promise ? answer.then(leave, refuse) : leave(answer);
    } catch (error) {
      return refuse(error);
    }
  };
  router.use(observe).useForRoutes((pattern) => (request, next) => {
    if (events.wants("http.request_completed")) routes.set(request, pattern);
    return next(request);
  });
}
