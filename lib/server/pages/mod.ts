/**
 * Pages to look around in the spaces of a server with a browser: made on the server, without scripts, and with a policy
 * that lets none run. They only show; nothing can be changed through them.
 *
 * @module
 */
export { addPageRoutes } from "./page_routes.ts";
