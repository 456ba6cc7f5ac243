import { assertEquals } from "@std/assert";
import { EventBus, SyncMonitor } from "../../lib/events/mod.ts";
import { FakeTime } from "./fakes.ts";

function monitored(): { time: FakeTime; bus: EventBus; monitor: SyncMonitor } {
  const time = new FakeTime(0);
  const bus = new EventBus({ clock: time });
  const monitor = new SyncMonitor();
  monitor.start(bus);
  return { time, bus, monitor };
}

const at = (ms: number) => new Date(ms).toISOString();

Deno.test("SyncMonitor follows sessions through their states", () => {
  const { time, bus, monitor } = monitored();
  bus.emit("sync.started", { space: "a", client: "laptop-1", session: "s1", direction: "push" });
  time.pass(10);
  bus.emit("session.state_changed", { session: "s1", from: "idle", to: "computing_diff" });
  time.pass(10);
  bus.emit("session.state_changed", { session: "s1", from: "computing_diff", to: "failed", error: "gone" });
  assertEquals(monitor.overview().sessions, [{
    session: "s1",
    space: "a",
    client: "laptop-1",
    state: "failed",
    startedAt: at(0),
    updatedAt: at(20),
    lastError: "gone",
  }]);
});

Deno.test("SyncMonitor knows how far each replica is behind its space", () => {
  const { time, bus, monitor } = monitored();
  bus.emit("client.registered", { client: "laptop-1", name: "laptop" });
  bus.emit("sync.completed", { space: "a", client: "laptop-1", revision: 3, durationMs: 1 });
  bus.emit("sync.completed", { space: "b", client: "laptop-1", revision: 9, durationMs: 1 });
  bus.emit("sync.started", { space: "a", client: "desktop-2", direction: "pull" });
  time.pass(100);
  const counts = { added: 1, modified: 0, deleted: 0, bytes: 1 };
  bus.emit("commit.applied", { space: "a", revision: 5, ...counts });
  bus.emit("commit.applied", { space: "a", revision: 4, ...counts });
  const { spaces, replicas } = monitor.overview();
  assertEquals(spaces.map(({ space, revision, committedAt }) => [space, revision, committedAt]), [
    ["b", 9, null],
    ["a", 5, at(100)],
  ]);
  assertEquals(replicas.map(({ space, client, name, revision, lag }) => [space, client, name, revision, lag]), [
    ["a", "laptop-1", "laptop", 3, 2],
    ["b", "laptop-1", "laptop", 9, 0],
    ["a", "desktop-2", null, null, null],
  ]);
});

Deno.test("SyncMonitor goes on with what was known before it started", () => {
  const { time, bus, monitor } = monitored();
  time.pass(50);
  bus.emit("sync.completed", { space: "a", client: "heard", revision: 6, durationMs: 1 });
  const replica = { space: "a", revision: 2, syncedAtMs: 10, seenAtMs: 20, lastError: "The disk is full" };
  monitor.remember({
    spaces: [{ space: "a", revision: 5, committedAtMs: 7 }, { space: "new", revision: 0, committedAtMs: 0 }],
    replicas: [{ ...replica, client: "laptop-1" }, { ...replica, client: "heard" }],
    clients: [{ id: "laptop-1", name: "laptop" }, { id: "nobody-1", name: "nobody" }],
  });
  const { spaces, replicas } = monitor.overview();
  assertEquals(spaces.map(({ space, revision }) => [space, revision]), [["a", 6]]);
  const known = { space: "a", name: null };
  const heard = { ...known, client: "heard", revision: 6, lag: 0, seenAt: at(50), syncedAt: at(50), lastError: null };
  assertEquals(replicas, [heard, {
    space: "a",
    name: "laptop",
    client: "laptop-1",
    revision: 2,
    lag: 4,
    seenAt: at(20),
    syncedAt: at(10),
    lastError: "The disk is full",
  }]);
});

Deno.test("SyncMonitor keeps the last error of a replica until it is equal again", () => {
  const { time, bus, monitor } = monitored();
  bus.emit("sync.failed", { space: "a", client: "c", error: "The disk is full" });
  assertEquals(monitor.overview().replicas.map(({ lastError, syncedAt }) => [lastError, syncedAt]), [
    ["The disk is full", null],
  ]);
  time.pass(7);
  bus.emit("sync.completed", { space: "a", client: "c", revision: 1, durationMs: 1 });
  assertEquals(monitor.overview().replicas.map(({ lastError, syncedAt, seenAt }) => [lastError, syncedAt, seenAt]), [
    [null, at(7), at(7)],
  ]);
});

Deno.test("SyncMonitor counts conflicts that are open", () => {
  const { bus, monitor } = monitored();
  for (const path of ["x", "y", "x"]) bus.emit("conflict.detected", { space: "a", path, policy: "manual" });
  bus.emit("conflict.resolved", { space: "a", path: "x", resolution: "kept both" });
  assertEquals(monitor.overview().spaces.map(({ openConflicts }) => openConflicts), [1]);
  monitor.stop();
  bus.emit("conflict.resolved", { space: "a", path: "y", resolution: "kept both" });
  assertEquals(monitor.overview().spaces.map(({ openConflicts }) => openConflicts), [1]);
});
