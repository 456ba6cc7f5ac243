/** The other side of the test of the worker bridge: answers every `sync.started` with a `sync.failed`. */
import { bridgeWorkers, EventBus } from "../../lib/events/mod.ts";

const { searchParams } = new URL(import.meta.url);
const bus = new EventBus({ origin: searchParams.get("origin") ?? "" });
bridgeWorkers(bus, { channel: searchParams.get("channel") ?? "" });
bus.on("sync.started", ({ detail }) => bus.emit("sync.failed", { space: detail.space, error: detail.space }));
bus.emit("server.started", { url: "none", server: "pool", version: "test" });
