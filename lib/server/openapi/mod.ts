/**
 * The OpenAPI 3.1 document of the HTTP API: every route below `/api/`, what it takes and what it answers. A test holds it
 * against the routes, so a route that is not described here does not pass.
 *
 * @module
 */
import { json, type Router } from "../../network/mod.ts";
import { historyPaths } from "./history_paths.ts";
import { maintenancePaths } from "./maintenance_paths.ts";
import { metadataPaths } from "./metadata_paths.ts";
import type { Json } from "./operation.ts";
import { schemas } from "./schemas.ts";
import { sessionPaths } from "./session_paths.ts";
import { syncPaths } from "./sync_paths.ts";

export type { Json };

/** The document, for a version of the program. */
export function openApiDocument(version: string): { readonly [name: string]: Json } {
  return {
    openapi: "3.1.0",
    info: { title: "dfs", version, summary: "Folders kept the same on many machines, through a server of your own" },
    paths: { ...syncPaths, ...sessionPaths, ...historyPaths, ...metadataPaths, ...maintenancePaths },
    components: { schemas },
  };
}

/** Adds `GET /api/openapi.json`. */
export function addOpenApiRoute(router: Router, { version }: { readonly version: string }): void {
  router.get("/api/openapi.json", () => json(openApiDocument(version)));
}
