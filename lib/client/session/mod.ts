/**
 * A run as others see it: the states of its session, what listeners here are told, and what the server is.
 *
 * @module
 */
export { type ObservedRun, observedRun } from "./observed_run.ts";
export type { RunSession } from "./run_session.ts";
