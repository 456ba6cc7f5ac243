import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Failure } from "../../lib/core/mod.ts";
import {
  AuditFile,
  AuditJournal,
  auditPendingMax,
  type AuditStore,
  emptyAuditChain,
  EventBus,
  verifyAudit,
} from "../../lib/events/mod.ts";
import { FakeTime, TemporaryFolder } from "./fakes.ts";

const linesOf = (text: string) => text.split("\n").slice(0, -1);

class MemoryStore implements AuditStore {
  readonly chain = emptyAuditChain;
  readonly lines: string[] = [];
  failing = false;
  appends = 0;
  closed = false;

  append(lines: string): Promise<void> {
    this.appends++;
    if (this.failing) return Promise.reject(new Error("The disk is full"));
    this.lines.push(...linesOf(lines));
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

function journalOn(store: AuditStore): { bus: EventBus; journal: AuditJournal } {
  const bus = new EventBus({ origin: "test", clock: new FakeTime(0) });
  const journal = new AuditJournal(store);
  journal.start(bus);
  return { bus, journal };
}

const failedLogin = (reason: string) => ({ reason, address: "192.0.2.1" });

Deno.test("AuditJournal writes down who did what, and nothing else", async () => {
  const store = new MemoryStore();
  const { bus, journal } = journalOn(store);
  bus.emit("client.registered", { client: "laptop-1", name: "laptop" });
  bus.emit("file.deleted", { space: "s", path: "p", revision: 1 });
  bus.emit("security.auth_failed", failedLogin("unknown token"));
  await journal.stop();
  bus.emit("security.auth_failed", failedLogin("after the end"));
  const head = { time: "1970-01-01T00:00:00.000Z", origin: "test" };
  assertEquals(store.lines.map((line) => JSON.parse(line).event), [
    { ...head, type: "client.registered", id: 1, detail: { client: "laptop-1", name: "laptop" } },
    { ...head, type: "security.auth_failed", id: 2, detail: failedLogin("unknown token") },
  ]);
  assertEquals([store.appends, store.closed], [1, true]);
  assert(verifyAudit(store.lines).ok);
});

Deno.test("AuditJournal keeps records while the disk fails, and writes them with the next", async () => {
  const store = new MemoryStore();
  const { bus, journal } = journalOn(store);
  store.failing = true;
  bus.emit("security.auth_failed", failedLogin("one"));
  await journal.flush();
  assert(journal.failure instanceof Error);
  store.failing = false;
  bus.emit("security.auth_failed", failedLogin("two"));
  await journal.flush();
  assertEquals(journal.failure, undefined);
  assertEquals(store.lines.map((line) => JSON.parse(line).event.detail.reason), ["one", "two"]);
  assert(verifyAudit(store.lines).ok);
  await journal.stop();
});

Deno.test("AuditJournal bounds what waits, counts what is lost and says so when it stops", async () => {
  const store = new MemoryStore();
  const { bus, journal } = journalOn(store);
  store.failing = true;
  for (let i = 0; i < auditPendingMax + 3; i++) bus.emit("security.auth_failed", failedLogin(`${i}`));
  assertEquals(journal.lost, 3);
  await assertRejects(() => journal.stop(), Error, "The disk is full");
  assert(store.closed);
});

Deno.test("verifyAudit() finds what was altered, taken out, doubled or put in", async () => {
  const store = new MemoryStore();
  const { bus, journal } = journalOn(store);
  for (const reason of ["a", "b", "c", "d"]) bus.emit("security.auth_failed", failedLogin(reason));
  await journal.stop();
  const [a, b, c, d] = store.lines;
  assert(a && b && c && d);
  assertEquals(verifyAudit([]), { ok: true, value: emptyAuditChain });
  const good = verifyAudit(store.lines);
  assert(good.ok && good.value.sequence === 4);
  const bad: [string[], RegExp][] = [
    [[a, b.replace('"b"', '"x"'), c, d], /^Line 3: The line before it was altered$/],
    [[a, c, d], /^Line 2: Record 3 follows record 1$/],
    [[b, c, d], /^Line 1: Record 2 follows record 0$/],
    [[a, a, b], /^Line 2: Record 1 follows record 1$/],
    [[a, "forged"], /^Line 2: Not a record of an audit journal$/],
  ];
  for (const [lines, expected] of bad) {
    const result = verifyAudit(lines);
    assert(!result.ok && expected.test(result.error), JSON.stringify(result));
  }
});

Deno.test("AuditFile goes on with the chain, and takes away a line that was cut short", async () => {
  await using folder = await TemporaryFolder.make();
  const path = join(folder.path, "audit.jsonl");
  for (const reason of ["one", "two", "three"]) {
    const { bus, journal } = journalOn(await AuditFile.open(path));
    bus.emit("security.auth_failed", failedLogin(reason));
    await journal.stop();
    await Deno.writeTextFile(path, '{"sequence":99,"prev', { append: true });
  }
  const file = await AuditFile.open(path);
  assertEquals(file.chain.sequence, 3);
  file.close();
  const lines = linesOf(await Deno.readTextFile(path));
  assertEquals(lines.map((line) => JSON.parse(line).event.detail.reason), ["one", "two", "three"]);
  assert(verifyAudit(lines).ok);
});

Deno.test("AuditFile does not write behind what is no audit journal", async () => {
  await using folder = await TemporaryFolder.make();
  const path = join(folder.path, "notes.txt");
  await Deno.writeTextFile(path, "my notes\n");
  await assertRejects(() => AuditFile.open(path), Failure, "does not end with a record");
  assertEquals(await Deno.readTextFile(path), "my notes\n");
  await assertRejects(() => AuditFile.open(folder.path), Failure);
});
