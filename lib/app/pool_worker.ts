/**
 * What each worker of the `pool` server runs.
 *
 * @module
 */
import { servePoolWorker } from "../network/mod.ts";
import { type ApplicationConfig, openApplication } from "./application.ts";

servePoolWorker((config) => openApplication(config as unknown as ApplicationConfig));
