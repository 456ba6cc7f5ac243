import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Failure } from "../../../lib/core/mod.ts";
import { MemorySessionStore, type SessionUpdate } from "../../../lib/metadata/sessions/mod.ts";
import { pieceBytesMax, sessionIdleMsMax, snapshotFilesMax, uploadPiecesMax } from "../../../lib/sync/sessions/mod.ts";
import { at, directory, symlink } from "../../metadata/store/fixtures.ts";
import { space } from "../../support/service_fixture.ts";
import { local, must, pieceOf, refused, SessionFixture } from "./session_fixture.ts";

const diffOf = (files = [local("a", "1")]) => ({ files, declined: new Set<never>(), confirmedDeletes: undefined });

Deno.test("a session tells everybody who listens what becomes of it", async () => {
  const fixture = await SessionFixture.make();
  const client = await fixture.register();
  assertEquals(fixture.said("client.registered"), [{ client, name: "laptop", platform: "linux" }]);
  const { id } = await fixture.compare(client, [local("a", "1"), local("b", "2")]);
  const walked = () => fixture.said("session.state_changed").map(({ from, to }) => `${from} ${to}`);
  assertEquals(walked(), [
    "Idle ComputingDiff",
    "ComputingDiff RequestingMetadata",
    "RequestingMetadata ComputingDiff",
    "ComputingDiff TransferringFiles",
  ]);
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1")));
  const correlation = { space, session: id, client, path: "a" };
  const said = fixture.heard.splice(0);
  assertEquals(said.map(({ type }) => type), ["upload.started", "upload.chunk_received"]);
  assertEquals(said[0]!.detail, { ...correlation, chunks: 1 });
  assertEquals(said[1]!.detail, { ...correlation, hash: pieceOf("a", "1").hash, size: 1, index: 0 });
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1")));
  assertEquals(fixture.heard, [], "A repeated piece is no news");
  must(await fixture.finish(id, "a", "1"));
  assertEquals(walked(), ["TransferringFiles ApplyingChanges", "ApplyingChanges TransferringFiles"]);
  const completed = fixture.base.events.filter(({ type }) => type === "upload.completed");
  assertEquals(completed.map(({ detail }) => detail.path), [at("a")]);
  must(await fixture.upload(id, "b", "2"));
  assertEquals(walked(), ["TransferringFiles ApplyingChanges", "ApplyingChanges Complete"]);
});

Deno.test("a conflict is told once it is found: by the comparison, or by the commit", async () => {
  const fixture = await SessionFixture.make();
  const [laptop, desktop] = [await fixture.register(), await fixture.register("desktop")];
  const late = await fixture.compare(desktop, [local("a", "desktop")]);
  const first = await fixture.compare(laptop, [local("a", "laptop")]);
  must(await fixture.upload(first.id, "a", "laptop"));
  fixture.said();
  const file = must(await fixture.upload(late.id, "a", "desktop"));
  assertEquals(file.conflictWith, at("a"));
  const about = { space, path: "a", session: late.id, client: desktop };
  assertEquals(fixture.said("conflict.detected", "conflict.resolved"), [
    { ...about, policy: "keep both" },
    { ...about, resolution: "both kept", copy: file.metadata.path },
  ]);
  const { conflicts } = await fixture.compare(desktop, [local("a", "third")]);
  assertEquals(conflicts.map(({ path }) => path), [at("a")]);
  assertEquals(fixture.said("conflict.detected", "conflict.resolved").length, 1);
});

Deno.test("a path that is deleted while it is uploaded is there again, and in no conflict", async () => {
  const fixture = await SessionFixture.make();
  await fixture.base.apply({ a: directory(), gone: symlink("a") });
  await fixture.base.apply({ gone: undefined });
  const first = await fixture.compare(await fixture.register(), [local("a/b", "1"), local("gone", "1")]);
  for (const path of ["a/b", "gone"]) must(await fixture.upload(first.id, path, "1"));
  const { id } = await fixture.compare(await fixture.register(), [local("a/b", "2", 1), local("gone", "2", 3)]);
  await fixture.base.apply({ a: undefined, "a/b": undefined, gone: undefined });
  for (const path of ["a/b", "gone"]) {
    const { metadata, added, conflictWith } = must(await fixture.upload(id, path, "2"));
    assertEquals([metadata.path, added, conflictWith], [at(path), true, undefined]);
  }
  assertEquals(await fixture.state(id), "Complete");
});

Deno.test("a name of a copy that somebody else took meanwhile is changed", async () => {
  const fixture = await SessionFixture.make();
  const first = await fixture.compare(await fixture.register(), [local("a", "1")]);
  must(await fixture.upload(first.id, "a", "1"));
  const { id, conflicts } = await fixture.compare(await fixture.register(), [local("a", "2")], { declined: "all" });
  const { copy } = conflicts[0]!;
  await fixture.base.apply({ [copy]: symlink("a") });
  const { metadata } = must(await fixture.upload(id, "a", "2"));
  assert(metadata.path !== copy && metadata.path.startsWith("a.conflict-"), metadata.path);
  assertEquals((await fixture.base.service.get(space, copy))?.entry.kind, "symlink");
});

Deno.test("conflict copies of one second get names of their own", async () => {
  const fixture = await SessionFixture.make();
  const { id } = await fixture.compare(await fixture.register("desktop"), [local("a", "0")]);
  must(await fixture.upload(id, "a", "0"));
  const laptop = await fixture.register();
  const copies = [];
  for (const text of ["1", "2", "3"]) {
    const { id } = await fixture.compare(laptop, [local("a", text)], { declined: "all" });
    copies.push(must(await fixture.upload(id, "a", text)).metadata.path);
  }
  assertEquals(new Set(copies).size, 3, copies.join());
});

Deno.test("a file at the place of a folder or a link becomes a conflict copy", async () => {
  const fixture = await SessionFixture.make();
  await fixture.base.apply({ folder: directory(), link: symlink("folder") });
  const { id, conflicts, downloads } = await fixture.compare(await fixture.register(), [
    local("folder", "1"),
    local("link", "2"),
  ]);
  assertEquals([conflicts.map(({ path }) => path), downloads], [[at("folder"), at("link")], []]);
  assertMatch(must(await fixture.upload(id, "folder", "1")).metadata.path, /^folder\.conflict-/);
  must(await fixture.upload(id, "link", "2"));
  assertEquals(await fixture.state(id), "Complete");
  assertEquals((await fixture.base.service.get(space, at("folder")))?.entry.kind, "directory");
});

Deno.test("a session expires when nothing happens for a day, and what arrived for it goes", async () => {
  const fixture = await SessionFixture.make();
  const client = await fixture.register();
  const { id } = await fixture.compare(client, [local("a", "1")]);
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1", { total: 2 })));
  fixture.base.time.pass(sessionIdleMsMax);
  assertEquals(await fixture.state(id), "TransferringFiles");
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1", { total: 2 })));
  fixture.base.time.pass(sessionIdleMsMax + 1);
  fixture.said();
  const refusal = refused(await fixture.service.status(id), "expired");
  assertMatch(refusal.message, /expired: nothing happened for 24 hours/);
  assertEquals(fixture.heard.map(({ type }) => type), ["session.state_changed", "sync.failed"]);
  assertEquals(await fixture.store.upload(id, at("a")), undefined);
  for (
    const outcome of [fixture.finish(id, "a", "1"), fixture.service.diff(id, diffOf()), fixture.service.session(id)]
  ) {
    refused(await outcome, "expired");
  }
  fixture.base.time.pass(7 * sessionIdleMsMax + 1);
  await fixture.start(client);
  refused(await fixture.service.status(id), "unknown");
});

Deno.test("sessions that nobody asks for again are ended when the next one begins", async () => {
  const fixture = await SessionFixture.make();
  const client = await fixture.register();
  for (let count = 0; count < 16; count++) await fixture.start(client);
  assertMatch(refused(await fixture.service.start(client, space), "too_many").message, /16 open sessions/);
  await fixture.start(await fixture.register("desktop"));
  fixture.base.time.pass(sessionIdleMsMax + 1);
  await fixture.start(client);
  assertEquals(fixture.said("sync.failed").length, 17);
});

Deno.test("limits are told for what they are", async () => {
  const fixture = await SessionFixture.make();
  const { id } = await fixture.compare(await fixture.register(), [local("a", "1")]);
  const long = new Uint8Array(pieceBytesMax + 1);
  refused(await fixture.service.uploadPiece(id, pieceOf("a", "1", { bytes: long })), "too_large");
  refused(await fixture.service.uploadPiece(id, pieceOf("a", "1", { total: uploadPiecesMax + 1 })), "too_large");
  const files = new Array(snapshotFilesMax + 1).fill(local("a", "1"));
  refused(await fixture.service.diff(id, diffOf(files)), "too_large");
  assertEquals(await fixture.state(id), "TransferringFiles");
});

Deno.test("a session with too many pieces is told to finalize some files first", async () => {
  class FullStore extends MemorySessionStore {
    override putPiece(): Promise<undefined> {
      return Promise.resolve(undefined);
    }
  }
  const fixture = await SessionFixture.make({ store: new FullStore() });
  const { id } = await fixture.compare(await fixture.register(), [local("a", "1")]);
  refused(await fixture.service.uploadPiece(id, pieceOf("a", "1")), "too_many");
});

Deno.test("what is out of turn is refused with the state and what it takes", async () => {
  const fixture = await SessionFixture.make();
  const client = await fixture.register();
  const id = await fixture.start(client);
  const early = refused(await fixture.service.uploadPiece(id, pieceOf("a", "1")), "out_of_turn");
  assertMatch(early.message, /in the state Idle does not take the event transfer; it takes compare, fail/);
  assertEquals(early.details, { state: "Idle", event: "transfer", allowed: ["compare", "fail"] });
  must(await fixture.service.diff(id, diffOf()));
  assertMatch(refused(await fixture.finish(id, "b", "1"), "out_of_turn").message, /does not expect "b"/);
  must(await fixture.upload(id, "a", "1"));
  const over = refused(await fixture.service.diff(id, diffOf([local("a", "2")])), "out_of_turn");
  assertMatch(over.message, /in the state Complete does not take the event compare; it is over/);
  refused(await fixture.service.status("nothing"), "unknown");
  refused(await fixture.service.start("nobody", space), "unknown");
  refused(await fixture.service.start(client, "nowhere"), "unknown");
});

Deno.test("comparing anew goes on with what arrived before", async () => {
  const fixture = await SessionFixture.make();
  const { id } = await fixture.compare(await fixture.register(), [local("a", "12"), local("b", "1")]);
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1", { total: 2 })));
  must(await fixture.upload(id, "b", "1"));
  const again = must(await fixture.service.diff(id, diffOf([local("a", "12"), local("b", "1")])));
  assertEquals(again.uploads, [at("a")]);
  const rest = must(await fixture.service.uploadPiece(id, pieceOf("a", "2", { index: 1, total: 2 })));
  assertEquals(rest, { received: [0, 1], missing: [] });
  must(await fixture.finish(id, "a", "12"));
  assertEquals(await fixture.state(id), "Complete");
});

Deno.test("a comparison that is asked for twice answers twice, at once or after all is done", async () => {
  const fixture = await SessionFixture.make();
  const id = await fixture.start(await fixture.register());
  const both = await Promise.all([fixture.service.diff(id, diffOf()), fixture.service.diff(id, diffOf())]);
  assertEquals(both.map((outcome) => must(outcome).uploads), [[at("a")], [at("a")]]);
  must(await fixture.upload(id, "a", "1"));
  const { session, uploads, downloads } = must(await fixture.service.diff(id, diffOf([local("a", "1")])));
  assertEquals([session.status.state, uploads, downloads], ["Complete", [], []]);
});

Deno.test("a commit whose note was lost is not made again, and its session goes on", async () => {
  class BreakingStore extends MemorySessionStore {
    breaks = false;
    override update(id: string, update: SessionUpdate): Promise<boolean> {
      if (this.breaks && update.settled !== undefined) return Promise.reject(new Failure("io", "The power failed"));
      return super.update(id, update);
    }
  }
  const store = new BreakingStore();
  const fixture = await SessionFixture.make({ store });
  const laptop = await fixture.register();
  const { id } = await fixture.compare(laptop, [local("a", "1")]);
  store.breaks = true;
  await assertRejects(() => fixture.upload(id, "a", "1"), Failure, "The power failed");
  assertEquals((await fixture.base.service.get(space, at("a")))?.version, 1);
  store.breaks = false;
  const { metadata, conflictWith } = must(await fixture.finish(id, "a", "1"));
  assertEquals([metadata.version, conflictWith], [1, undefined]);
  assertEquals((await fixture.base.service.head(space))?.revision, 1);
  assertEquals(await fixture.state(id), "Complete");

  // So it is with a copy: under the name it got.
  const { id: other } = await fixture.compare(await fixture.register("desktop"), [local("a", "2")], {
    declined: "all",
  });
  store.breaks = true;
  await assertRejects(() => fixture.upload(other, "a", "2"), Failure, "The power failed");
  store.breaks = false;
  fixture.base.time.pass(60_000);
  const copy = must(await fixture.finish(other, "a", "2"));
  assertEquals([copy.metadata.version, copy.conflictWith], [1, at("a")]);
  assertEquals((await fixture.base.service.list(space, at(""))).length, 2);
});

Deno.test("deletions that a crash left undone are done when the session is asked for", async () => {
  class BreakingStore extends MemorySessionStore {
    breaks = false;
    override update(id: string, update: SessionUpdate): Promise<boolean> {
      if (this.breaks && update.state === "ApplyingChanges") {
        return Promise.reject(new Failure("io", "The power failed"));
      }
      return super.update(id, update);
    }
  }
  const store = new BreakingStore();
  const fixture = await SessionFixture.make({ store });
  const laptop = await fixture.register();
  const first = await fixture.compare(laptop, [local("a", "1"), local("b", "1")]);
  for (const path of ["a", "b"]) must(await fixture.upload(first.id, path, "1"));
  const id = await fixture.start(laptop);
  store.breaks = true;
  await assertRejects(() => fixture.service.diff(id, diffOf([local("a", "1", 1)])), Failure, "The power failed");
  assert(await fixture.base.service.get(space, at("b")) !== undefined);
  store.breaks = false;
  assertEquals(await fixture.state(id), "Complete");
  assertEquals(await fixture.base.service.get(space, at("b")), undefined);
});

Deno.test("pieces that the chunk store lost are asked for again", async () => {
  const fixture = await SessionFixture.make();
  const { id } = await fixture.compare(await fixture.register(), [local("a", "12")]);
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1", { total: 2 })));
  must(await fixture.service.uploadPiece(id, pieceOf("a", "2", { total: 2, index: 1 })));
  const live = () => ReadableStream.from([[pieceOf("a", "2").hash]]);
  await fixture.base.chunks.collect(live, { graceMs: 0 });
  const refusal = refused(await fixture.finish(id, "a", "12"), "incomplete");
  assertEquals(refusal.details, { missing: [0] });
  must(await fixture.service.uploadPiece(id, pieceOf("a", "1", { total: 2 })));
  must(await fixture.finish(id, "a", "12"));
});

Deno.test("trouble on the server is noted in the session, which goes on afterwards", async () => {
  const fixture = await SessionFixture.make();
  const { id } = await fixture.compare(await fixture.register(), [local("a", "1")]);
  const { service } = fixture.base;
  const commit = service.commit;
  service.commit = () => Promise.reject(new Failure("no_space", "The disk is full"));
  await assertRejects(() => fixture.upload(id, "a", "1"), Failure, "The disk is full");
  const { session } = must(await fixture.service.status(id));
  assertEquals([session.lastError, session.status.state], ["The disk is full", "TransferringFiles"]);
  service.commit = commit;
  must(await fixture.finish(id, "a", "1"));
  assertEquals(must(await fixture.service.status(id)).session.lastError, undefined);
});

Deno.test("ten clients that finish one path at once leave ten contents and one at the path", async () => {
  const fixture = await SessionFixture.make();
  const texts = Array.from({ length: 10 }, (_, index) => `content ${index}`);
  const sessions = await Promise.all(
    texts.map(async (text, index) => await fixture.compare(await fixture.register(`c${index}`), [local("a", text)])),
  );
  const files = await Promise.all(texts.map((text, index) => fixture.upload(sessions[index]!.id, "a", text)));
  const paths = new Set(files.map((file) => must(file).metadata.path));
  assertEquals(paths.size, 10);
  assert(paths.has(at("a")));
  const stored = await fixture.base.service.list(space, at(""));
  const contents = stored.map(({ entry }) => entry.kind === "file" ? entry.content : entry.kind);
  assertEquals(new Set(contents), new Set(texts.map((text) => local("a", text).hash)));
});

Deno.test("a file that is finalized by many requests at once is finalized once, and all of them are told so", async () => {
  for (let delay = 1; delay < 40; delay++) {
    const fixture = await SessionFixture.make();
    const { id } = await fixture.compare(await fixture.register(), [local("a", "1")]);
    must(await fixture.service.uploadPiece(id, pieceOf("a", "1")));
    const finish = async (turns: number): Promise<number> => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      return must(await fixture.finish(id, "a", "1")).metadata.version;
    };
    const versions = await Promise.all([0, 1, 2].map((request) => finish(request * delay)));
    assertEquals([versions, await fixture.state(id)], [[1, 1, 1], "Complete"], `${delay} turns apart`);
  }
});
