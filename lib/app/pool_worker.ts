/**
 * What each worker of the `pool` server runs.
 *
 * @module
 */
import { servePoolWorker } from "../network/mod.ts";
import { type ApplicationConfig, openApplication } from "./application.ts";

servePoolWorker(async (config) => (await openApplication(config as unknown as ApplicationConfig)).handler);
