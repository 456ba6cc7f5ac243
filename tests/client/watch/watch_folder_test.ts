import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type FolderChange, type FolderWatcher, watchFolder, watchTree } from "../../../lib/client/watch/mod.ts";
import type { SafePath } from "../../../lib/core/mod.ts";
import { wake } from "../../../lib/client/workspace/wake.ts";
import { stagedPrefix } from "../../../lib/sync/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { turn } from "../../support/fake_time.ts";
import { SeededRandom } from "../../support/seeded_random.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const isLinux = Deno.build.os === "linux";

/** A folder with a watcher that has begun. */
async function watchTemp(watcher: FolderWatcher = watchFolder): Promise<
  AsyncDisposable & { temp: TempFolder; ended: AbortController; next(): Promise<FolderChange["kind"] | undefined> }
> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make({ "old/a": "1", "old/b": "2", ".dfs/state": "x", "marker": "" }));
  const ended = new AbortController();
  const changes = watcher(temp.path, ended.signal)[Symbol.asyncIterator]();
  stack.defer(async () => {
    ended.abort();
    await changes.return?.();
  });
  const next = async (): Promise<FolderChange["kind"] | undefined> => {
    const { done, value } = await changes.next();
    return done ? undefined : value.kind;
  };
  assertEquals(await next(), "began");
  const owned = stack.move();
  return { temp, ended, next, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const changes: Readonly<Record<string, (temp: TempFolder) => void>> = {
  "an edit": (temp) => temp.write({ "old/a": "3" }),
  "a new file": (temp) => temp.write({ "old/c": "3" }),
  "a new folder": (temp) => Deno.mkdirSync(`${temp.path}/new`),
  "a rename": (temp) => Deno.renameSync(`${temp.path}/old`, `${temp.path}/new`),
  "a deletion": (temp) => Deno.removeSync(`${temp.path}/old/a`),
  "other permissions": (temp) => Deno.chmodSync(`${temp.path}/old/a`, 0o600),
  "a link": (temp) => Deno.symlinkSync("nowhere", `${temp.path}/link`),
  "another time": (temp) => Deno.utimeSync(`${temp.path}/old/a`, 1, 1),
  "a wake-up by dfs resolve": (temp) => wake(`${temp.path}/.dfs`),
  "a file in a folder called .dfs that is not at the top": (temp) => temp.write({ "old/.dfs/a": "1" }),
};

for (const watcher of [watchFolder, watchTree]) {
  for (const [name, change] of Object.entries(changes)) {
    Deno.test(`${watcher.name}() tells of ${name}`, async () => {
      await using watched = await watchTemp(watcher);
      change(watched.temp);
      // Where a wake-up or other rules lead to, the event does not tell.
      const isVague = name.startsWith("a wake-up");
      assertEquals(await watched.next(), isVague ? "missed" : "changed");
    });
  }
}

Deno.test("watchFolder() tells of other rules of what is ignored as of something that may be anywhere", async () => {
  await using watched = await watchTemp();
  watched.temp.write({ "old/.dfsignore": "*.log" });
  assertEquals(await watched.next(), "missed");
});

/** A watched folder. */
interface WatchedDirectories extends AsyncDisposable {
  /** What was told since the last call, up to when something was told of each of some directories. */
  until(...paths: string[]): Promise<ReadonlySet<SafePath>>;
}

async function watchDirectories(temp: TempFolder): Promise<WatchedDirectories> {
  const ended = new AbortController();
  const changes = watchFolder(temp.path, ended.signal)[Symbol.asyncIterator]();
  await changes.next();
  return {
    async until(...paths) {
      const told = new Set<SafePath>();
      while (!paths.every((path) => told.has(at(path)))) {
        const { value } = await changes.next();
        if (value?.kind !== "changed") throw new Error(`Told of "${value?.kind}"`);
        for (const path of value.directories) told.add(path);
      }
      return told;
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await changes.return?.();
    },
  };
}

Deno.test("watchFolder() tells the folder that something happened in", async () => {
  await using temp = await TempFolder.make({ "old/deep/a": "1", "other/b": "2" });
  await using watched = await watchDirectories(temp);
  temp.write({ "old/deep/a": "3" });
  await watched.until("old/deep");
});

Deno.test("watchFolder() tells of what happens in folders that are new, however many there are", async () => {
  await using temp = await TempFolder.make();
  await using watched = await watchDirectories(temp);
  for (let number = 0; number < 30; number++) {
    for (const folder of [`new${number}`, `new${number}/deep`, `new${number}/deep/deeper`]) {
      Deno.mkdirSync(`${temp.path}/${folder}`);
      await watched.until(folder);
    }
  }
});

Deno.test("watchFolder() tells of what happens in a folder that was removed and made anew", async () => {
  await using temp = await TempFolder.make({ "a/b/c": "1" });
  await using watched = await watchDirectories(temp);
  for (let round = 0; round < 3; round++) {
    Deno.removeSync(`${temp.path}/a`, { recursive: true });
    // At once, as installers do, and after the loss was told.
    if (round > 0) await watched.until("a");
    temp.write({ "a/b/c": "2" });
    await watched.until("", "a", "a/b");
    temp.write({ "a/b/d": "3" });
    await watched.until("a/b");
    temp.write({ "a/b/c": "4" });
    await watched.until("a/b");
  }
});

Deno.test("watchFolder() tells of what happens in a folder that was moved, by its new path", async () => {
  await using temp = await TempFolder.make({ "a/b/c": "1" });
  await using watched = await watchDirectories(temp);
  for (const [from, to] of [["a", "moved"], ["moved", "a"], ["a", "moved"]] as const) {
    Deno.renameSync(`${temp.path}/${from}`, `${temp.path}/${to}`);
    await watched.until("", from, to, `${to}/b`);
    temp.write({ [`${to}/b/c`]: "2" });
    await watched.until(`${to}/b`);
  }
});

Deno.test("watchFolder() tells nothing of a folder that was moved away", async () => {
  await using temp = await TempFolder.make({ "inside/a/b": "1", "outside/c": "1" });
  const [inside, outside] = [`${temp.path}/inside`, `${temp.path}/outside`];
  const ended = new AbortController();
  const changes = watchFolder(inside, ended.signal)[Symbol.asyncIterator]();
  await changes.next();
  Deno.renameSync(`${inside}/a`, `${outside}/a`);
  assertEquals(await changes.next(), {
    done: false,
    value: { kind: "changed", directories: new Set(["", "a"].map(at)) },
  });
  temp.write({ "outside/a/b": "2", "inside/end": "" });
  assertEquals(await changes.next(), { done: false, value: { kind: "changed", directories: new Set([at("")]) } });
  ended.abort();
  await changes.return?.();
});

/** Each directory of a folder, with what tells whether something happened in it. */
function looksOf(root: string, path = "", looks = new Map<string, string>()): Map<string, string> {
  const look: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(`${root}/${path}`)) {
    const below = path === "" ? name : `${path}/${name}`;
    const { ino, size, ctime } = Deno.lstatSync(`${root}/${below}`);
    look.push(JSON.stringify(isDirectory ? [name, ino] : [name, ino, size, ctime]));
    if (isDirectory) looksOf(root, below, looks);
  }
  return looks.set(path, look.sort().join());
}

/** Makes, changes, moves or removes something anywhere in a folder. */
function disturb(root: string, random: SeededRandom): void {
  const folders = [...looksOf(root).keys()];
  const path = (): string => `${root}/${random.pick(folders)}/${random.pick(["a", "b", "c", "d"])}`;
  const actions: readonly (() => void)[] = [
    () => Deno.mkdirSync(path()),
    () => Deno.writeTextFileSync(path(), "x", { append: true }),
    () => Deno.renameSync(path(), path()),
    () => Deno.removeSync(path(), { recursive: true }),
    () => {
      const folder = path();
      Deno.removeSync(folder, { recursive: true });
      Deno.mkdirSync(`${folder}/a/b`, { recursive: true });
    },
  ];
  try {
    random.pick(actions)();
  } catch (cause) {
    // Not all that is made up can be done: a folder stands where a file is written, or there is nothing to remove.
    if (!(cause instanceof Error)) throw cause;
  }
}

for (const seed of [1, 2, 3, 4]) {
  Deno.test(`watchFolder() tells of each directory in which anything happened, seed ${seed}`, async () => {
    await using temp = await TempFolder.make();
    await using watched = await watchDirectories(temp);
    const random = new SeededRandom(seed);
    let before = looksOf(temp.path);
    for (let round = 0; round < 30; round++) {
      for (let step = random.below(30); step >= 0; step--) {
        disturb(temp.path, random);
        if (random.below(4) === 0) await turn();
      }
      // What happened before this is told before it.
      temp.folder(`end${round}`);
      const after = looksOf(temp.path);
      const told = await watched.until(`end${round}`);
      for (const [path, look] of after) assert(before.get(path) === look || told.has(at(path)), `Untold: "${path}"`);
      before = after;
    }
  });
}

Deno.test("watchFolder() follows no link: neither out of the folder nor round and round in it", async () => {
  await using temp = await TempFolder.make();
  Deno.symlinkSync("/", `${temp.path}/everything`);
  const names = Array.from({ length: 14 }, (_, number) => `package${number}`);
  for (const name of names) {
    temp.folder(name);
    for (const other of names) if (other !== name) Deno.symlinkSync(`../${other}`, `${temp.path}/${name}/${other}`);
  }
  const ended = new AbortController();
  const changes = watchFolder(temp.path, ended.signal)[Symbol.asyncIterator]();
  assertEquals((await changes.next()).value?.kind, "began");
  temp.write({ "package13/f": "1" });
  assertEquals((await changes.next()).value?.kind, "changed");
  ended.abort();
  while (!(await changes.next()).done);
});

Deno.test({
  name: "watchFolder() says that it missed something when too much happens at once, and knows all folders then",
  ignore: !isLinux,
  async fn() {
    await using watched = await watchTemp();
    const { temp, next } = watched;
    let missed = false;
    const tells = (async () => {
      while (await next() !== "missed");
      missed = true;
    })();
    temp.write({ "one": "", "other": "" });
    // Linux keeps 16,384 events until they are read, and takes two of the same for one. They are made faster than read.
    for (let burst = 0; !missed && burst < 40; burst++) {
      for (let number = 0; number < 100_000; number++) {
        Deno.utimeSync(`${temp.path}/${number % 2 === 0 ? "one" : "other"}`, number, number);
      }
      if (burst === 0) Deno.mkdirSync(`${temp.path}/unseen`);
      await turn();
    }
    await tells;
    // It may have missed more than once, and say so together with what comes then.
    for (let [depth, changed] = [1, 0]; changed < 10; depth++) {
      Deno.mkdirSync(`${temp.path}/unseen${"/d".repeat(depth)}`);
      if (await next() === "changed") changed++;
    }
  },
});

Deno.test("watchFolder() tells nothing of what dfs writes, nor of what is only read", async () => {
  await using watched = await watchTemp();
  const { temp, ended, next } = watched;
  temp.write({ ".dfs/state": "y", ".dfs/staging/part": "z", [`old/${stagedPrefix}1`]: "w" });
  Deno.removeSync(`${temp.path}/old/${stagedPrefix}1`);
  Deno.readTextFileSync(`${temp.path}/old/a`);
  // One removal makes one event, and whatever else were told would be told with it.
  Deno.removeSync(`${temp.path}/marker`);
  assertEquals(await next(), "changed");
  const more = next();
  for (let turns = 0; turns < 20; turns++) await turn();
  ended.abort();
  assertEquals(await more, undefined);
});

Deno.test("watchFolder() ends by its signal: before it began, and while it waits", async () => {
  await using temp = await TempFolder.make();
  assertEquals(await Array.fromAsync(watchFolder(temp.path, AbortSignal.abort())), []);
  await using watched = await watchTemp();
  const waiting = watched.next();
  watched.ended.abort();
  assertEquals(await waiting, undefined);
});

Deno.test("watchFolder() throws where there is no folder", async () => {
  await using temp = await TempFolder.make({ "file": "" });
  const { signal } = new AbortController();
  for (const name of ["nothing", "file"]) {
    await assertRejects(() => Array.fromAsync(watchFolder(`${temp.path}/${name}`, signal)), Error, "cannot be read");
  }
});

Deno.test("watchFolder() tells when the folder itself goes away", async () => {
  for (const removed of [true, false]) {
    await using watched = await watchTemp();
    const { path } = watched.temp;
    if (removed) Deno.removeSync(path, { recursive: true });
    else Deno.renameSync(path, `${path}-away`);
    assertEquals(await watched.next(), "changed");
    if (removed) Deno.mkdirSync(path);
    else Deno.renameSync(`${path}-away`, path);
  }
});

Deno.test({
  name: "watchFolder() throws where the watches of the system are used up, at first and later",
  ignore: !isLinux || !mayUnshare(),
  async fn() {
    for (const folders of [20, 2]) assert((await reachLimit(folders)).includes("watch limit"));
  },
});

Deno.test({
  name: "watchFolder() throws what it needs where the C library must not be called",
  ignore: !isLinux,
  async fn() {
    await using temp = await TempFolder.make();
    const program = `
      import { watchFolder } from ${JSON.stringify(watchModule)};
      try {
        await Array.fromAsync(watchFolder(${JSON.stringify(temp.path)}, new AbortController().signal));
      } catch (cause) {
        console.log(cause.message);
      }`;
    temp.write({ "program.ts": program });
    const args = [
      "run",
      "--no-check",
      "--no-prompt",
      "--allow-read",
      "--config",
      configFile,
      `${temp.path}/program.ts`,
    ];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
    assertStringIncludes(new TextDecoder().decode(stdout), "--allow-ffi");
  },
});

/** Whether a program can be given a limit of its own here. */
function mayUnshare(): boolean {
  try {
    return new Deno.Command("unshare", { args: ["-Ur", "true"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** Watches so many folders, and makes more of them, where there are 10 watches; gives what was thrown. */
async function reachLimit(folders: number): Promise<string> {
  await using temp = await TempFolder.make();
  for (let folder = 0; folder < folders; folder++) temp.folder(`${folder}`);
  const program = `
    import { watchFolder } from ${JSON.stringify(watchModule)};
    try {
      let made = 0;
      for await (const _ of watchFolder(${JSON.stringify(temp.path)}, new AbortController().signal)) {
        Deno.mkdirSync(${JSON.stringify(temp.path)} + "/new" + made++);
      }
    } catch (cause) {
      console.log(cause.message);
    }`;
  const deno = [Deno.execPath(), "eval", "--no-check", "--config", configFile, program];
  const limited = ["sh", "-c", 'echo 10 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh", ...deno];
  const { stdout } = await new Deno.Command("unshare", { args: ["-Ur", ...limited], stderr: "inherit" }).output();
  return new TextDecoder().decode(stdout);
}

const watchModule = import.meta.resolve("../../../lib/client/watch/mod.ts");
const configFile = new URL("../../../deno.json", import.meta.url).pathname;
