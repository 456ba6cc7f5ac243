import { systemClock } from "../core/mod.ts";
import { type Component, type EventBus, monitoredMax } from "../events/mod.ts";
import type { HttpHandler } from "../network/mod.ts";
import { apiRouter } from "../server/mod.ts";
import { MaintenanceService, MetadataService, SyncService } from "../sync/service/mod.ts";
import { SessionService } from "../sync/sessions/mod.ts";
import { version } from "../version.ts";
import { startEventSystem } from "./event_system.ts";
import { feedArchive } from "./feed_archive.ts";
import { servingComponents } from "./serving_components.ts";
import { openStores } from "./stores.ts";

/** What an application is opened with; JSON can say it, since each worker of a pool opens one of its own. */
export interface ApplicationConfig {
  /** Path of the data folder, claimed already. */
  readonly dataFolder: string;
  /** Whether to mount the example routes. */
  readonly examples: boolean;
  /** Names under which the server is reached, beside `localhost` and addresses. */
  readonly hosts: readonly string[];
  /** Whether the server can give answers that never end. */
  readonly follows: boolean;
  /** Name of the channel over which the workers of a pool share events. */
  readonly channel?: string;
}

/** A server's stores, opened, and the handler in front of them. */
export interface Application extends AsyncDisposable {
  readonly handler: HttpHandler;
  readonly events: EventBus;
}

/**
 * Opens the stores in a data folder and puts the layers on top of them together. Several processes or workers may have the
 * same data folder open.
 *
 * @param recorders What listens beside metrics, monitor and feed: what writes events down, which one worker does for all.
 * @throws {Failure} if the stores cannot be opened, or a component cannot be started.
 */
export async function openApplication(
  config: ApplicationConfig,
  recorders: readonly Component[] = [],
): Promise<Application> {
  const { dataFolder, examples, hosts, follows, channel } = config;
  await using stack = new AsyncDisposableStack();
  const { components, monitoring, remember } = servingComponents({
    follows,
    archive: feedArchive(dataFolder, { keeps: channel === undefined }),
  });
  const name = channel === undefined ? "server" : "worker";
  const { events } = stack.use(
    await startEventSystem({ name, channel, components: [...recorders, ...components] }),
  );
  const { metadata, chunks, repository, sessions, replicas } = stack.use(await openStores(dataFolder, events));
  remember({
    spaces: await metadata.spaces(),
    replicas: await replicas.replicas(),
    clients: await sessions.clients(monitoredMax),
  });
  const service = new SyncService({ metadata, chunks, clock: systemClock, events, replicas });
  const known = new MetadataService({ repository, service, clock: systemClock });
  const { handler } = apiRouter({
    service,
    metadata: known,
    maintenance: new MaintenanceService({ metadata, chunks, clock: systemClock, events }),
    sessions: new SessionService({
      sessions,
      replicas,
      service,
      metadata: known,
      trees: metadata,
      chunks,
      clock: systemClock,
      events,
      newId: () => crypto.randomUUID(),
    }),
    version,
    examples,
    hosts,
    events,
    clock: systemClock,
    monitoring,
  });
  const resources = stack.move();
  return { handler, events, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
