import type { Folder, Remote, Workspace } from "../../lib/client/mod.ts";
import { type Hash, joinPath, type SafePath } from "../../lib/core/mod.ts";
import { type Commit, MemoryMetadataStore, type MetadataStore } from "../../lib/metadata/mod.ts";
import type { ChunkStore } from "../../lib/storage/mod.ts";
import type { DiskName, DiskStat } from "../../lib/sync/mod.ts";
import { withMethods } from "./layers.ts";
import { Crash, type Process } from "./process.ts";
import type { Weakening } from "./world.ts";

/** A weaker part, and the invariant that it breaks. */
export interface NamedWeakening {
  readonly name: string;
  /** What a violation begins with that shows it. */
  readonly breaks: RegExp;
  /** The first simulation that is looked at, where it takes very many of them; 1 unless told. */
  readonly from?: number;
  /** Made for each simulation anew. */
  readonly make: () => Weakening;
}

/** Older than anything here. */
const ageMs = 1000 * 24 * 3600 * 1000;

/** Parts as somebody could have written them who did not think of everything. */
export const weakenings: readonly NamedWeakening[] = [
  {
    name: "a commit that does not compare its base with the head",
    breaks: /^I1: \S+ overwrote/,
    make: () => ({
      metadata: (store) =>
        withMethods(store, {
          commit: async (space, commit) => {
            const head = await store.head(space);
            return await store.commit(space, { ...commit, baseRevision: head?.revision ?? 0 });
          },
        }),
    }),
  },
  {
    name: "a commit that takes every chunk for stored",
    breaks: /^I6: /,
    make: () => ({ chunks: (store) => withMethods(store, { lacking: () => Promise.resolve([]) }) }),
  },
  {
    name: "a commit that does not wait for its chunks to be on the medium",
    breaks: /^I6: /,
    make: () => ({ chunks: (store) => withMethods(store, { sync: () => Promise.resolve() }) }),
  },
  {
    name: "staging without flushing",
    breaks: /^I5: /,
    make: () => ({ folder: (folder) => withMethods(folder, { flushFiles: () => Promise.resolve() }) }),
  },
  {
    name: "a scan that takes an error for absence",
    breaks: /^I7: /,
    make: () => ({ folder: deafFolder }),
  },
  {
    name: "applying without looking whether the target changed",
    breaks: /^I1: \S+ lost/,
    make: () => ({ folder: forgetfulFolder }),
  },
  {
    name: "applying behind links",
    breaks: /^I8: /,
    make: () => ({ folder: trustingFolder }),
  },
  {
    name: "a disk that keeps no modification times",
    breaks: /^I9: /,
    make: () => ({
      folder: (folder) =>
        withMethods(folder, {
          make: (path, bytes, marks) => folder.make(path, bytes, { ...marks, mtimeMs: 0 }),
          setTime: () => {},
        }),
    }),
  },
  {
    name: "a client that fetches content before it knows whether it needs any",
    breaks: /^I3: /,
    make: () => ({ remote: curious }),
  },
  {
    name: "roots that nobody computed",
    breaks: /^I9: /,
    make: () => ({ metadata: lossy }),
  },
  {
    name: "a collection that does not wait for commits",
    from: 540,
    breaks: /^(I1: the server cannot give|I6: )/,
    make: () => ({
      chunks: (store) => withMethods(store, { hold: () => Promise.resolve({ [Symbol.dispose]: () => {} }) }),
    }),
  },
  {
    name: "a commit that takes condemned chunks for stored",
    breaks: /^(I1: the server cannot give|I6: )/,
    make: () => ({ chunks: credulous }),
  },
  {
    name: "a collection that knows of nothing but what lives",
    breaks: /^I1: the server cannot give/,
    make: () => ({ metadata: shortSighted }),
  },
  {
    name: "a rule of retention whose time is not heeded",
    breaks: /^I1: the history lacks/,
    make: () => ({
      metadata: (store) =>
        withMethods(store, {
          prune: (space, options) => store.prune(space, { ...options, nowMs: options.nowMs + ageMs }),
        }),
    }),
  },
  {
    name: "a decision that takes the folder's side for the one it is against",
    breaks: /^I1: \S+ lost/,
    make: () => ({ workspace: oneSided }),
  },
  {
    name: "intents that are not saved",
    breaks: /^Nobody disagrees/,
    make: () => ({
      workspace: (workspace) =>
        withMethods(workspace, { state: withMethods(workspace.state, { saveIntents: () => {} }) }),
    }),
  },
];

/** Hears of no error: what cannot be looked at is not there. */
function deafFolder(folder: Folder): Folder {
  const heard = <T>(look: () => T, otherwise: T): T => {
    try {
      return look();
    } catch (cause) {
      if (cause instanceof Crash) throw cause;
      return otherwise;
    }
  };
  const isThere = (path: SafePath): boolean => heard(() => folder.stat(path) !== undefined, false);
  return withMethods(folder, {
    look: () => undefined,
    readDirectory: (directory): DiskName[] => {
      const names = heard(() => folder.readDirectory(directory), []);
      return names.filter(({ name }) => isThere(joinPath(directory, name)));
    },
  });
}

/** While things take their place, tells of each what it was when it was first looked at. */
function forgetfulFolder(folder: Folder, process: Process): Folder {
  const seen = new Map<SafePath, DiskStat>();
  const placed = new Set<SafePath>();
  return withMethods(folder, {
    look: () => undefined,
    stat: (path) => {
      const now = folder.stat(path);
      if (placed.has(path)) return now;
      const before = seen.get(path);
      if (process.phase !== "apply") seen.set(path, before ?? now);
      else if (before === undefined) throw new Deno.errors.NotFound(path);
      return before ?? now;
    },
    makeDirectory: (path) => {
      folder.makeDirectory(path);
      placed.add(path);
    },
    move: (from, to) => {
      folder.move(from, to);
      placed.add(to);
    },
  });
}

/** While things take their place, takes a link to a folder for a folder. */
function trustingFolder(folder: Folder, process: Process): Folder {
  return withMethods(folder, {
    stat: (path) => {
      const stat = folder.stat(path);
      return process.phase === "apply" && stat.kind === "symlink" ? { ...stat, kind: "directory" } : stat;
    },
  });
}

/** Fetches everything that is new each time it asks where the space stands. */
function curious(remote: Remote): Remote {
  return withMethods(remote, {
    head: async () => {
      const head = await remote.head();
      if (head === undefined || head.bytes === 0) return head;
      const records = (await Array.fromAsync(remote.snapshot())).flat();
      const small = records.flatMap((record) => {
        const file = record.type === "entry" && record.entry.kind === "file" ? record.entry : undefined;
        return file !== undefined && file.size > 0 && file.size < 1000 ? [file.content] : [];
      });
      for (const hash of small.slice(0, 1)) await Array.fromAsync(remote.frames([hash]));
      return head;
    },
  });
}

/** Says of what nothing names any more, and is to be removed, that it is stored. */
function credulous(store: ChunkStore): ChunkStore {
  return withMethods(store, {
    lacking: async (hashes) => {
      const lacking: Hash[] = [];
      for (const hash of await store.lacking(hashes)) if (await store.get(hash) === undefined) lacking.push(hash);
      return lacking;
    },
  });
}

/** Tells of no version that was superseded. */
function shortSighted(store: MetadataStore): MetadataStore {
  return withMethods(store, {
    files: async function* (options) {
      for await (const versions of store.files(options)) yield versions.filter(({ live }) => live);
    },
  });
}

/** Decides each conflict as if the folder had what both sides had last agreed on. */
function oneSided(workspace: Workspace): Workspace {
  const { state } = workspace;
  const saveResolution: Workspace["state"]["saveResolution"] = (path) => {
    state.saveResolution(path, workspace.loadBase()?.open.get(path)?.here?.entry);
  };
  return withMethods(workspace, { state: withMethods(state, { saveResolution }) });
}

/** Loses a file of a commit now and then, and tells the root that the space should have. */
function lossy(store: MetadataStore): MetadataStore {
  const told = new MemoryMetadataStore();
  let commits = 0;
  return withMethods(store, {
    head: async (space) => {
      const [real, said] = [await store.head(space), await (await told.createSpace(space), told.head(space))];
      return real && said && said.revision === real.revision ? { ...real, root: said.root } : real;
    },
    commit: async (space, commit) => {
      const lost = commits++ % 3 === 2 ? commit.puts.entries().find(([, { kind }]) => kind === "file")?.[0] : undefined;
      const less: Commit = { ...commit, puts: new Map([...commit.puts].filter(([path]) => path !== lost)) };
      const outcome = await store.commit(space, less);
      if (!outcome.ok) return outcome;
      const head = await told.createSpace(space);
      const said = await told.commit(space, { ...commit, baseRevision: head.revision });
      return said.ok ? { ok: true, value: { ...outcome.value, root: said.value.root } } : outcome;
    },
  });
}
