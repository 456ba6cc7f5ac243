import { assertEquals } from "@std/assert";
import { begin, change, known, laptop, newSession, pathOf, type SessionCase } from "../fixtures.ts";
import { at } from "../../store/fixtures.ts";

/** Clients and sessions come, are counted, rest and go. */
export const countingCases: readonly SessionCase[] = [
  ["addClient() remembers a client until there are as many as may be", async (store) => {
    assertEquals(await store.client(laptop.id), laptop);
    assertEquals(await store.client("nobody"), undefined);
    assertEquals(await store.addClient({ ...laptop, id: "laptop-2" }, 1), false);
    assertEquals(await store.client("laptop-2"), undefined);
    assertEquals(await store.addClient({ ...laptop, id: "laptop-2" }, 2), true);
  }],
  ["clients() lists those heard of last, the last one at the end", async (store) => {
    for (const [id, registeredAtMs] of [["c", 50], ["b", 300], ["a", 300]] as const) {
      await store.addClient({ ...laptop, id, registeredAtMs }, 9);
    }
    const ids = async (limit: number): Promise<string[]> => (await store.clients(limit)).map(({ id }) => id);
    assertEquals(await ids(9), ["c", laptop.id, "a", "b"]);
    assertEquals(await ids(3), [laptop.id, "a", "b"]);
    await store.addSession({ ...newSession("s", { client: "c" }), startedAtMs: 400 }, {
      finalStates: [],
      perClientMax: 1,
      totalMax: 1,
    });
    assertEquals(await ids(2), ["b", "c"]);
    assertEquals((await store.clients(9))[0], laptop);
  }],
  ["addSession() begins a session as its record says", async (store) => {
    await begin(store, "s", { data: '{"n":1}', space: "photos" });
    assertEquals(await known(store, "s"), {
      ...newSession("s", { data: '{"n":1}', space: "photos" }),
      tick: 0,
      activeAtMs: 200,
      filesSynced: 0,
      bytesTransferred: 0,
      lastError: undefined,
    });
    assertEquals(await store.session("other"), undefined);
  }],
  ["addSession() leaves no room beyond the limits, final sessions not counted", async (store) => {
    await store.addClient({ ...laptop, id: "desktop-1" }, 9);
    const limits = { finalStates: ["Complete", "Failed"], perClientMax: 2, totalMax: 3 };
    const add = (id: string, client = laptop.id) => store.addSession(newSession(id, { client }), limits);
    assertEquals([await add("a"), await add("b"), await add("c")], [undefined, undefined, "client"]);
    assertEquals([await add("c", "desktop-1"), await add("d", "desktop-1")], [undefined, "total"]);
    assertEquals(await store.session("d"), undefined);
    await change(store, "a", { state: "Failed" });
    assertEquals(await add("d"), undefined);
  }],
  ["update() changes a session once at each tick", async (store) => {
    await begin(store, "s");
    const update = { tick: 0, atMs: 300, state: "ComputingDiff", data: "{}", files: 2, bytes: 7 };
    assertEquals([await store.update("s", update), await store.update("s", update)], [true, false]);
    const { tick, activeAtMs, state, filesSynced, bytesTransferred } = await known(store, "s");
    assertEquals([tick, activeAtMs, state, filesSynced, bytesTransferred], [1, 300, "ComputingDiff", 2, 7]);
    assertEquals(await store.update("other", update), false);
  }],
  ["update() keeps what went wrong until it is told to forget it", async (store) => {
    await begin(store, "s");
    await change(store, "s", { lastError: "The disk is full" });
    await change(store, "s", {});
    assertEquals((await known(store, "s")).lastError, "The disk is full");
    await change(store, "s", { lastError: null });
    assertEquals((await known(store, "s")).lastError, undefined);
  }],
  ["resting() gives sessions that nothing happened to, but for final ones", async (store) => {
    for (const id of ["old", "new", "over"]) await begin(store, id);
    await change(store, "new", { atMs: 1000 });
    await change(store, "over", { state: "Complete" });
    const resting = async (beforeMs: number) =>
      (await store.resting({ beforeMs, finalStates: ["Complete"], limit: 9 })).map(({ id }) => id).sort();
    assertEquals(await resting(200), []);
    assertEquals(await resting(201), ["old"]);
    assertEquals(await resting(1001), ["new", "old"]);
    assertEquals((await store.resting({ beforeMs: 1001, finalStates: [], limit: 1 })).length, 1);
  }],
  ["recent() gives sessions by space, client, age and number, those heard of last first", async (store) => {
    await store.addClient({ ...laptop, id: "desktop-1" }, 9);
    await begin(store, "a", { startedAtMs: 100 });
    await begin(store, "b", { startedAtMs: 300, space: "photos" });
    await begin(store, "c", { startedAtMs: 50, client: "desktop-1" });
    await change(store, "c", { atMs: 200, state: "Complete" });
    const ids = async (query: { space?: string; client?: string; sinceMs?: number; limit?: number }) =>
      (await store.recent({ sinceMs: 0, limit: 9, ...query })).map(({ id }) => id);
    assertEquals(await ids({}), ["b", "c", "a"]);
    assertEquals(await ids({ space: "default" }), ["c", "a"]);
    assertEquals(await ids({ client: laptop.id }), ["b", "a"]);
    assertEquals(await ids({ space: "photos", client: "desktop-1" }), []);
    assertEquals(await ids({ sinceMs: 200 }), ["b", "c"]);
    assertEquals(await ids({ limit: 2 }), ["b", "c"]);
    assertEquals(await store.recent({ sinceMs: 300, limit: 1 }), [await known(store, "b")]);
  }],
  ["forget() forgets old sessions, and old clients that have none", async (store) => {
    await store.addClient({ ...laptop, id: "desktop-1", registeredAtMs: 900 }, 9);
    await begin(store, "old");
    await begin(store, "new", { startedAtMs: 1000 });
    await change(store, "old", { plan: [pathOf("same", "a", { done: true, held: 3 })], holds: true });
    await store.forget({ sessionsBeforeMs: 500, clientsBeforeMs: 500 });
    assertEquals([await store.session("old"), (await store.session("new"))?.id], [undefined, "new"]);
    assertEquals((await store.client(laptop.id))?.id, laptop.id);
    assertEquals(await store.held(laptop.id, "default"), new Map([[at("a"), 3]]));
    assertEquals(await store.paths("old", "same", { limit: 9 }), []);
    await store.forget({ sessionsBeforeMs: 5000, clientsBeforeMs: 0 });
    assertEquals([await store.session("new"), (await store.client(laptop.id))?.id], [undefined, laptop.id]);
    await store.forget({ sessionsBeforeMs: 5000, clientsBeforeMs: 5000 });
    assertEquals([await store.client(laptop.id), await store.client("desktop-1")], [undefined, undefined]);
    assertEquals(await store.held(laptop.id, "default"), new Map());
  }],
];
