import { assert, assertEquals, assertRejects } from "@std/assert";
import { type FolderChange, watchFolder } from "../../../lib/client/watch/mod.ts";
import { wake } from "../../../lib/client/workspace/wake.ts";
import { stagedPrefix } from "../../../lib/sync/mod.ts";
import { at } from "../../metadata/store/fixtures.ts";
import { turn } from "../../support/fake_time.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const isLinux = Deno.build.os === "linux";

/** A folder with a watcher that has begun. */
async function watchTemp(): Promise<
  AsyncDisposable & { temp: TempFolder; ended: AbortController; next(): Promise<FolderChange["kind"] | undefined> }
> {
  await using stack = new AsyncDisposableStack();
  const temp = stack.use(await TempFolder.make({ "old/a": "1", "old/b": "2", ".dfs/state": "x", "marker": "" }));
  const ended = new AbortController();
  const changes = watchFolder(temp.path, ended.signal)[Symbol.asyncIterator]();
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

for (const [name, change] of Object.entries(changes)) {
  Deno.test(`watchFolder() tells of ${name}`, async () => {
    await using watched = await watchTemp();
    change(watched.temp);
    // Where a wake-up or other rules lead to, the event does not tell.
    const isVague = name.startsWith("a wake-up");
    assertEquals(await watched.next(), isVague ? "missed" : "changed");
  });
}

Deno.test("watchFolder() tells of other rules of what is ignored as of something that may be anywhere", async () => {
  await using watched = await watchTemp();
  watched.temp.write({ "old/.dfsignore": "*.log" });
  assertEquals(await watched.next(), "missed");
});

Deno.test("watchFolder() tells the folder that something happened in", async () => {
  await using temp = await TempFolder.make({ "old/deep/a": "1", "other/b": "2" });
  const ended = new AbortController();
  const changes = watchFolder(temp.path, ended.signal)[Symbol.asyncIterator]();
  await changes.next();
  temp.write({ "old/deep/a": "3" });
  const { value } = await changes.next();
  assertEquals(value?.kind === "changed" && [...value.directories].sort(), ["old/deep", "old/deep/a"].map(at));
  ended.abort();
  while (!(await changes.next()).done);
});

Deno.test("watchFolder() tells of what happens in folders that are new, however many there are", async () => {
  await using watched = await watchTemp();
  const { temp, next } = watched;
  let renewed = 0;
  for (let number = 0; number < 30; number++) {
    // Each makes one event, so that the next one cannot be taken for it.
    for (const folder of [`new${number}`, `new${number}/deep`, `new${number}/deep/deeper`]) {
      Deno.mkdirSync(`${temp.path}/${folder}`);
      const told = await next();
      // Where many watchers became one, what the old ones saw last may be anywhere.
      if (told === "missed") renewed++;
      else assertEquals(told, "changed");
    }
  }
  if (!isLinux) return;
  assert(renewed > 0, "Something may have been missed, and nobody was told");
  const instances = [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => linkOf(name) === "anon_inode:inotify");
  assert(instances.length < 16, `${instances.length} watchers`);
});

function linkOf(descriptor: string): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // It is closed by now.
    return undefined;
  }
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
    for (const folders of [20, 2]) assert((await reachLimit(folders)).includes("watch limit reached"));
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
  const module = import.meta.resolve("../../../lib/client/watch/mod.ts");
  const program = `
    import { watchFolder } from ${JSON.stringify(module)};
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

const configFile = new URL("../../../deno.json", import.meta.url).pathname;
