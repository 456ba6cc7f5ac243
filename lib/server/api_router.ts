import { metadataType } from "../metadata/binary/mod.ts";
import { compress, Router } from "../network/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { addExampleRoutes } from "./example_routes.ts";
import { addChunkRoutes } from "./chunk_routes.ts";
import { failureProblems } from "./failure_problems.ts";
import { addSpaceRoutes } from "./space_routes.ts";

/** What the HTTP API stands on. */
export interface ApiOptions {
  readonly service: SyncService;
  /** Version of the program, for whoever asks. */
  readonly version: string;
  /** Whether to mount the example routes. */
  readonly examples: boolean;
}

/** The HTTP API of a dfs server. It translates between HTTP and the service and decides nothing. */
export function apiRouter(options: ApiOptions): Router {
  const router = new Router();
  router.use(compress({ types: [metadataType] }), failureProblems);
  addSpaceRoutes(router, options.service);
  addChunkRoutes(router, options.service);
  if (options.examples) addExampleRoutes(router, options);
  return router;
}
