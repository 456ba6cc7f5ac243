import { systemClock } from "../core/mod.ts";
import { EventBus } from "../events/mod.ts";
import { openSqliteStore } from "../metadata/mod.ts";
import type { HttpHandler } from "../network/mod.ts";
import { apiRouter } from "../server/mod.ts";
import { openPackStore } from "../storage/mod.ts";
import { SyncService } from "../sync/service/mod.ts";
import { version } from "../version.ts";

/** What an application is opened with; JSON can say it, since each worker of a pool opens one of its own. */
export interface ApplicationConfig {
  /** Path of the data folder, claimed already. */
  readonly dataFolder: string;
  /** Whether to mount the example routes. */
  readonly examples: boolean;
}

/** A server's stores, opened, and the handler in front of them. */
export interface Application extends AsyncDisposable {
  readonly handler: HttpHandler;
  readonly events: EventBus;
}

/** The space that exists from the start. */
const defaultSpace = "default";

/**
 * Opens the stores in a data folder and puts the layers on top of them together. Several processes or workers may have the
 * same data folder open.
 *
 * @throws {Failure} if the stores cannot be opened.
 */
export async function openApplication(config: ApplicationConfig): Promise<Application> {
  await using stack = new AsyncDisposableStack();
  const events = stack.use(new EventBus({ origin: `server-${crypto.randomUUID().slice(0, 8)}` }));
  const chunks = stack.use(await openPackStore(`${config.dataFolder}/chunks`));
  const metadata = stack.use(openSqliteStore(`${config.dataFolder}/metadata.sqlite`));
  await metadata.createSpace(defaultSpace);
  const service = new SyncService({ metadata, chunks, clock: systemClock, events });
  const { handler } = apiRouter({ service, version, examples: config.examples });
  const resources = stack.move();
  return { handler, events, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
