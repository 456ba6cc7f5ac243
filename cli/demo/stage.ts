import { openServer, type RunningServer } from "../../lib/app/server.ts";
import { writeBug } from "../output.ts";
import { CountingRelay } from "./counting_relay.ts";

/** Where a demonstration plays: a temporary folder, a server that keeps its data in it, and a relay on the way to it. */
export interface Stage extends AsyncDisposable {
  /** The temporary folder; it is gone when the stage is disposed of. */
  readonly path: string;
  readonly server: RunningServer;
  /** What clients talk to: it counts what crosses the wire. */
  readonly relay: CountingRelay;
}

/** Sets up a stage. */
export async function setStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "dfs-demo-" }));
  stack.defer(() => Deno.remove(path, { recursive: true }));
  const server = stack.use(
    await openServer({
      hostname: "127.0.0.1",
      port: 0,
      dataFolder: `${path}/server`,
      server: "async",
      examples: true,
      onError: writeBug,
    }),
  );
  const relay = stack.use(new CountingRelay(server.url));
  for (const name of ["here", "there"]) Deno.mkdirSync(`${path}/${name}`);
  const owned = stack.move();
  return { path, server, relay, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
