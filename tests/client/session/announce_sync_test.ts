import { assertEquals, assertRejects } from "@std/assert";
import { type AnnouncedSync, announceSync } from "../../../lib/client/session/announce_sync.ts";
import type { SyncReport } from "../../../lib/client/mod.ts";
import { rootPath, sha256 } from "../../../lib/core/mod.ts";
import { type AnyEvent, EventBus } from "../../../lib/events/mod.ts";
import { FakeTime } from "../../events/fakes.ts";
import { directory, file } from "../../metadata/store/fixtures.ts";
import { at } from "../../metadata/store/fixtures.ts";

const report: SyncReport = {
  direction: "push",
  dryRun: false,
  revision: 7,
  root: sha256(new Uint8Array()),
  synchronized: true,
  changes: [
    { path: at("a"), change: "added", entry: file("1"), side: "server" },
    { path: at("b"), change: "modified", entry: file("2"), side: "server" },
    { path: at("c"), change: "deleted", entry: directory(), side: "server" },
  ],
  conflicts: [],
  problems: [],
  sentBytes: 99,
  fetchedBytes: 0,
  files: 2,
  totalBytes: 2,
};

/** A run to be announced, and the events it makes. */
function prepare(): { readonly sync: AnnouncedSync; readonly events: AnyEvent[]; readonly time: FakeTime } {
  const [bus, time, events] = [new EventBus(), new FakeTime(), [] as AnyEvent[]];
  bus.on("*", (event) => void events.push(event));
  return { sync: { direction: "push", space: "s", client: "c", clock: time, events: bus }, events, time };
}

Deno.test("announceSync() tells of a run that proved both sides equal", async () => {
  const { sync, events, time } = prepare();
  await announceSync(sync, () => {
    time.pass(5);
    return Promise.resolve(report);
  });
  assertEquals(events.map(({ type, detail }) => [type, detail]), [
    ["sync.started", { space: "s", client: "c", direction: "push" }],
    ["sync.completed", {
      space: "s",
      client: "c",
      durationMs: 5,
      direction: "push",
      revision: 7,
      filesDeleted: 1,
      filesUploaded: 2,
      bytesUploaded: 99,
    }],
  ]);
});

Deno.test("announceSync() calls completed only what was proven equal", async () => {
  const { sync, events } = prepare();
  const problem = { path: rootPath, problem: "It cannot be read", kind: "unreadable" } as const;
  await announceSync(sync, () => Promise.resolve({ ...report, synchronized: false, problems: [problem] }));
  assertEquals(events.map(({ type }) => type), ["sync.started", "sync.failed"]);
});

Deno.test("announceSync() tells of a run that fails, and hands on what it failed with", async () => {
  const { sync, events } = prepare();
  await assertRejects(() => announceSync(sync, () => Promise.reject(new Error("The disk is full"))), Error, "full");
  assertEquals(events.at(-1)?.detail, { space: "s", client: "c", error: "The disk is full" });
});

Deno.test("announceSync() tells of each conflict, and of what became of it unless it waits", async () => {
  const { sync, events } = prepare();
  const sides = { base: file("0"), local: file("1"), remote: file("2") };
  const conflicts: SyncReport["conflicts"] = [
    { path: at("waits"), ...sides, policy: "manual", outcome: "manual" },
    { path: at("won"), ...sides, policy: "keep-both", outcome: "remote", copy: at("won.conflict") },
  ];
  await announceSync(sync, () => Promise.resolve({ ...report, conflicts }));
  const told = events.filter(({ type }) => type.startsWith("conflict."));
  assertEquals(told.map(({ type, detail }) => [type, detail]), [
    ["conflict.detected", { space: "s", client: "c", path: at("waits"), policy: "manual" }],
    ["conflict.detected", { space: "s", client: "c", path: at("won"), policy: "keep-both" }],
    ["conflict.resolved", { space: "s", client: "c", path: at("won"), resolution: "remote", copy: at("won.conflict") }],
  ]);
});
