import { bridgeWorkers, EventBus } from "../../lib/events/mod.ts";
/** The other side of the test of the worker bridge: answers every `sync.started` with a `sync.failed`. */

addEventListener("message", ({ data }: MessageEvent<{ channel: string; origin: string }>) => {
  const bus = new EventBus({ origin: data.origin });
  bridgeWorkers(bus, { channel: data.channel });
  bus.on("sync.started", ({ detail }) => bus.emit("sync.failed", { space: detail.space, error: detail.space }));
  postMessage("ready");
});
