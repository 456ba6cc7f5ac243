import type { Clock } from "../core/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { metadataType } from "../metadata/binary/mod.ts";
import { compress, empty, Router } from "../network/mod.ts";
import type { MaintenanceService, MetadataService, SyncService } from "../sync/service/mod.ts";
import type { SessionService } from "../sync/sessions/mod.ts";
import { announceSuspects } from "./announce_suspects.ts";
import { browserGuard } from "./browser_guard.ts";
import { addExampleRoutes } from "./example_routes.ts";
import { addChunkRoutes } from "./chunk_routes.ts";
import { addDeltaRoutes } from "./delta_routes.ts";
import { addDownloadRoutes } from "./download_routes.ts";
import { failureProblems } from "./failure_problems.ts";
import { addHistoryRoutes } from "./history_routes.ts";
import { addMaintenanceRoutes } from "./maintenance_routes.ts";
import { addMetadataRoutes } from "./metadata_routes.ts";
import { addMonitoringRoutes, type Monitoring } from "./monitoring_routes.ts";
import { observeRequests } from "./observe_requests.ts";
import { addOpenApiRoute } from "./openapi/mod.ts";
import { addPageRoutes } from "./pages/mod.ts";
import { addReplicaRoutes } from "./replica_routes.ts";
import { addRestoreRoutes } from "./restore_routes.ts";
import { addSessionRoutes } from "./session_routes.ts";
import { addSpaceRoutes } from "./space_routes.ts";
import { addTreeRoutes } from "./tree_routes.ts";

/** What the HTTP API stands on. */
export interface ApiOptions {
  /** Takes commits and chunks, and gives them out. */
  readonly service: SyncService;
  /** What is known of paths. */
  readonly metadata: MetadataService;
  /** Keeps the store in order. */
  readonly maintenance: MaintenanceService;
  /** Runs the sessions of people and scripts. */
  readonly sessions: SessionService;
  /** Version of the program, for whoever asks. */
  readonly version: string;
  /** Whether to mount the example routes. */
  readonly examples: boolean;
  /** Names under which the server is reached, beside `localhost` and addresses. */
  readonly hosts: readonly string[];
  /** Where every request is announced once it is answered. */
  readonly events: EventBus;
  /** Tells how long requests take, and gives metadata that came without a modification time one. */
  readonly clock: Clock;
  /** What tells how the server is doing. */
  readonly monitoring: Monitoring;
}

/** The HTTP API of a dfs server. It translates between HTTP and the service and decides nothing. */
export function apiRouter(options: ApiOptions): Router {
  const router = new Router();
  observeRequests(router, options);
  router.use(
    compress({ types: [metadataType] }),
    announceSuspects(options),
    browserGuard(options.hosts),
    failureProblems,
  );
  addSpaceRoutes(router, options.service);
  addTreeRoutes(router, options.service);
  addHistoryRoutes(router, options.service);
  addRestoreRoutes(router, options.service);
  addReplicaRoutes(router, options.service);
  addChunkRoutes(router, options.service);
  addDeltaRoutes(router, options.service);
  addDownloadRoutes(router, options.service, options);
  addSessionRoutes(router, options);
  addMetadataRoutes(router, options);
  addMaintenanceRoutes(router, options.maintenance);
  addOpenApiRoute(router, options);
  addPageRoutes(router, options.service);
  addMonitoringRoutes(router, options.monitoring);
  if (options.examples) addExampleRoutes(router, options);
  else router.get("/", () => empty({ status: 303, headers: { Location: "/ui/" } }));
  return router;
}
