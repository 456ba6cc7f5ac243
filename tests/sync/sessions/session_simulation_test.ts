import { assert, assertEquals } from "@std/assert";
import type { Hash, SafePath } from "../../../lib/core/mod.ts";
import { sessionIdleMsMax } from "../../../lib/sync/sessions/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { SeededRandom } from "../../support/seeded_random.ts";
import { space } from "../../support/service_fixture.ts";
import { local, must, SessionFixture } from "./session_fixture.ts";

const rounds = 60;
const steps = 120;
const names = ["a", "b.txt", "docs/c.txt", "docs/d"].map(at);

interface LocalText {
  text: string;
  version: number;
}

/** A client that does what the answers tell it, and may be interrupted after each of them. */
class Script {
  readonly files = new Map<SafePath, LocalText>();
  readonly #fixture: SessionFixture;
  readonly #id: string;
  /** Whether it remembers versions. */
  readonly #remembers: boolean;
  #running: AsyncGenerator<void> | undefined;

  constructor(fixture: SessionFixture, id: string, remembers: boolean) {
    this.#fixture = fixture;
    this.#id = id;
    this.#remembers = remembers;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Goes on with a session, or begins one. */
  async step(acknowledged: Set<Hash>): Promise<void> {
    this.#running ??= this.#sync(acknowledged);
    if ((await this.#running.next()).done) this.#running = undefined;
  }

  /** Forgets the session it was in. */
  interrupt(): void {
    this.#running = undefined;
  }

  async *#sync(acknowledged: Set<Hash>): AsyncGenerator<void> {
    const { service } = this.#fixture;
    const id = must(await service.start(this.#id, space)).id;
    yield;
    const files = [...this.files].map(([path, { text, version }]) => local(path, text, this.#remembers ? version : 0));
    const diff = must(await service.diff(id, { files, declined: new Set(), confirmedDeletes: 1000 }));
    yield;
    for (const path of diff.uploads) {
      const { text } = this.files.get(path)!;
      const file = must(await this.#fixture.upload(id, path, text));
      acknowledged.add(local(path, text).hash);
      yield;
      if (file.conflictWith !== undefined) this.files.delete(path);
      this.files.set(file.metadata.path, { text, version: file.metadata.version });
    }
    for (const path of diff.localDeletes) this.files.delete(path);
    // In a conflict that is found late there is one more to fetch than was told at first.
    for (const path of must(await service.status(id)).downloads) {
      const stored = await this.#fixture.base.service.get(space, path);
      const { size } = local(path, "");
      if (stored?.entry.kind === "file") {
        this.files.set(path, { text: await this.#fixture.text(stored.entry), version: stored.version });
        await service.downloaded(id, path, { version: stored.version, size });
      } else {
        // Deleted since: another session tells what becomes of it.
        return;
      }
      yield;
    }
    assertEquals(await this.#fixture.state(id), "Complete");
  }
}

/** Every content that a space holds, now or in its history. */
async function everything(fixture: SessionFixture): Promise<Set<Hash>> {
  const { service } = fixture.base;
  const contents = new Set<Hash>();
  const paths = new Set<SafePath>();
  const head = await service.head(space);
  for (let revision = 1; revision <= head!.revision; revision++) {
    for await (const { children } of fixture.base.metadata.entriesAt(space, revision)) {
      for (const { path } of children) paths.add(path);
    }
  }
  for (const path of paths) {
    for (const { entry } of await service.history(space, path)) if (entry?.kind === "file") contents.add(entry.content);
  }
  return contents;
}

/** Plays a game to its end, and looks at what is left; gives how many conflicts there were. */
async function play(seed: number): Promise<number> {
  const random = new SeededRandom(seed);
  const fixture = await SessionFixture.make();
  const acknowledged = new Set<Hash>();
  const scripts: Script[] = [];
  for (const remembers of [true, true, false]) {
    scripts.push(new Script(fixture, await fixture.register(`c${scripts.length}`), remembers));
  }
  const waitForADay = (): void => {
    fixture.base.time.pass(sessionIdleMsMax + 1);
    for (const script of scripts) script.interrupt();
  };
  for (let step = 0; step < steps; step++) {
    const script = scripts[random.below(scripts.length)]!;
    const choice = random.below(10);
    if (choice < 6) await script.step(acknowledged);
    else if (choice < 7) script.interrupt();
    else if (!script.busy) {
      const path = names[random.below(names.length)]!;
      if (choice < 9) {
        script.files.set(path, { text: `${seed} ${step}`, version: script.files.get(path)?.version ?? 0 });
      } else script.files.delete(path);
    }
    if (random.below(40) === 0) waitForADay();
    else fixture.base.time.pass(random.below(3000));
  }
  waitForADay();
  for (let turn = 0; turn < 4; turn++) {
    for (const script of scripts) {
      do await script.step(acknowledged); while (script.busy);
    }
  }
  const trees = scripts.map(({ files }) =>
    Object.fromEntries([...files].map(([path, { text }]) => [path, text]).sort())
  );
  const stored: Record<string, string> = {};
  for await (const { children } of fixture.base.metadata.entries(space)) {
    for (const { path, entry } of children) if (entry.kind === "file") stored[path] = await fixture.text(entry);
  }
  for (const tree of trees) assertEquals(tree, Object.fromEntries(Object.entries(stored).sort()));
  const kept = await everything(fixture);
  assertEquals([...acknowledged].filter((hash) => !kept.has(hash)), []);
  const before = await fixture.base.service.head(space);
  for (const script of scripts) {
    do await script.step(acknowledged); while (script.busy);
  }
  assertEquals(await fixture.base.service.head(space), before, "A session with nothing changed made a revision");
  return fixture.said("conflict.detected").length;
}

Deno.test("three clients edit, delete, conflict and are interrupted: nothing is lost, all become equal", async () => {
  let conflicts = 0;
  for (let seed = 1; seed <= rounds; seed++) {
    try {
      conflicts += await play(seed);
    } catch (cause) {
      throw new Error(`With the seed ${seed}`, { cause });
    }
  }
  assert(conflicts > rounds, `Only ${conflicts} conflicts`);
});
