import { HttpRemote, type Remote } from "../../lib/client/mod.ts";
import { Failure, type FailureKind } from "../../lib/core/mod.ts";
import type { HttpClient } from "../../lib/network/client/mod.ts";
import { FakeTime } from "./fake_time.ts";
import { FakeWatcher } from "./fake_watcher.ts";
import { retryNever } from "./replica.ts";
import { TempFolder } from "./temp_folder.ts";
import { startServer, type TestServer } from "./test_server.ts";
import { WatchingClient, type WatchingOptions } from "./watching_client.ts";

/** A remote that fails as told before it asks the server. */
export class FailingRemote extends HttpRemote {
  failures: (Error | undefined)[] = [];
  heads = 0;
  checks: (() => Promise<void>) | undefined;
  /** Called when a run is over, before anybody hears of it. */
  ended: (() => void) | undefined;

  override async reportReplica(...told: Parameters<HttpRemote["reportReplica"]>): Promise<void> {
    this.ended?.();
    await super.reportReplica(...told);
  }

  override async head(): ReturnType<HttpRemote["head"]> {
    this.heads++;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    await this.checks?.();
    return await super.head();
  }
}

/** A failure of a kind. */
export const fails = (kind: FailureKind): Failure => new Failure(kind, `It is ${kind}`);

/** A client that watches, and all that it depends on. */
export interface WatchedWorld extends AsyncDisposable {
  /** The folder. */
  readonly temp: TempFolder;
  readonly server: TestServer;
  readonly time: FakeTime;
  /** Tells of changes in the folder. */
  readonly folder: FakeWatcher;
  readonly client: WatchingClient;
  readonly remote: FailingRemote;
}

/** A client of a real server, in a time and with a watcher that do as they are told; nobody answers its feed. */
export async function makeWatching(
  { failures = [], files = { a: "1" }, ...options }: WatchingOptions & {
    readonly failures?: readonly Failure[];
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<WatchedWorld> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make(files));
  const server = stack.use(await startServer());
  const [time, folder] = [new FakeTime(), new FakeWatcher()];
  let remote: FailingRemote | undefined;
  const remoteOf = (http: HttpClient, origin: string): Remote => {
    remote = new FailingRemote(http, { origin, space: "default", retry: retryNever });
    remote.failures.push(...failures);
    return remote;
  };
  const client = stack.use(
    new WatchingClient(temp.path, server.url, {
      settleMs: 20,
      clock: time.clock,
      sleep: time.sleep,
      watcher: folder.watcher,
      connect: () => Promise.reject(new Deno.errors.ConnectionRefused("refused")),
      remoteOf,
      ...options,
    }),
  );
  const owned = stack.move();
  return { temp, server, time, folder, client, remote: remote!, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
