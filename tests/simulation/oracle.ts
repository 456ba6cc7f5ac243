import type { MetadataRecord } from "../../lib/metadata/binary/mod.ts";
import { type SafePath, sha256 } from "../../lib/core/mod.ts";
import {
  type Commit,
  type Entry,
  type FileEntry,
  Manifest,
  type MetadataStore,
  sameEntry,
} from "../../lib/metadata/mod.ts";
import { chunkBytesMin } from "../../lib/sync/mod.ts";
import { Ledger } from "./ledger.ts";
import { type MemoryFiles, type MemoryNode, outsideBytes, walkFiles } from "./memory_files.ts";
import type { Process } from "./process.ts";
import type { SimulatedServer } from "./simulated_server.ts";
import { bytesKey, contentKey, linkKey } from "./tree_facts.ts";

const space = "default";

/** A machine as the oracle sees it. */
export interface WatchedMachine {
  readonly name: string;
  readonly files: MemoryFiles;
  /** The contents that lay here when it was last looked at, less those that the user did away with. */
  readonly present: Set<string>;
  /** Contents that the user decided against where both sides had changed the same, and where that was. */
  readonly givenUp: Map<string, Set<SafePath>>;
  /** The program at work here. */
  process: Process | undefined;
}

/**
 * Stands outside of everything, notes what users wrote and what the server said, and says where that is broken. It finds
 * out for itself what a content is, what is on a medium and what a server holds.
 */
export class Oracle {
  readonly #trace: (line: string) => void;
  readonly #machines = new Map<string, WatchedMachine>();
  /** Contents that users wrote, with the lines of each. */
  readonly #written = new Map<string, readonly string[]>();
  /** All lines that users wrote. */
  readonly #writtenLines = new Set<string>();
  /** Lines that the server has. */
  readonly #heldLines = new Set<string>();
  /** Contents that the server has, live or in history, with what they are named there. */
  readonly #held = new Map<string, Entry>();
  /** The versions that the server made. */
  readonly #ledger = new Ledger();
  readonly #acknowledged: { readonly path: SafePath; readonly entry: Entry }[] = [];
  /** What was found to be broken. */
  readonly violations: string[] = [];

  constructor(trace: (line: string) => void) {
    this.#trace = trace;
  }

  /** Notes that something is not as it must be. */
  violation(text: string): void {
    this.#trace(`VIOLATION ${text}`);
    this.violations.push(text);
  }

  /** Watches one more machine. */
  watch(machine: WatchedMachine): void {
    this.#machines.set(machine.name, machine);
  }

  /** Lets a user act, and notes what was written and what was done away with. */
  userActs(machine: WatchedMachine, act: () => void): void {
    const before = contentsOf(machine.files);
    act();
    const after = contentsOf(machine.files);
    for (const key of before.keys()) if (!after.has(key)) machine.present.delete(key);
    for (const [key, { node }] of after) {
      if (before.has(key)) continue;
      machine.present.add(key);
      this.#write(key, node.kind === "file" ? linesOf(node.bytes) : []);
    }
    takeBack(machine);
  }

  /** Notes what a user wrote elsewhere, to put it into the place of something. */
  userWrites(bytes: Uint8Array): void {
    this.#write(bytesKey(bytes), linesOf(bytes));
  }

  /** Notes that a user decides against what lies at a path. */
  userGivesUp(machine: WatchedMachine, path: SafePath): void {
    const key = machine.files.has(path) ? contentKey(machine.files.find(path)) : undefined;
    if (key !== undefined) giveUp(machine, path, key);
  }

  /** Notes that a user decides against what dfs told them of a path, whether it is still so or not. */
  userGivesUpTold(machine: WatchedMachine, path: SafePath, told: Entry | undefined): void {
    if (told?.kind === "symlink") giveUp(machine, path, linkKey(told.target));
    if (told?.kind !== "file") return;
    if (told.size <= chunkBytesMin) return giveUp(machine, path, `${told.size} bytes ${told.content}`);
    const node = machine.files.has(path) ? machine.files.find(path) : undefined;
    if (node?.kind === "file" && node.bytes.length === told.size) giveUp(machine, path, bytesKey(node.bytes));
  }

  #write(key: string, lines: readonly string[]): void {
    this.#written.set(key, lines);
    for (const line of lines) this.#writtenLines.add(line);
  }

  /**
   * Looks at a machine after a program ran on it, or after it went down.
   *
   * @param merges Whether the program was to merge texts.
   */
  look(machine: WatchedMachine, merges: boolean): void {
    const now = contentsOf(machine.files);
    for (const key of machine.present) {
      if (now.has(key) || machine.givenUp.has(key) || this.#isHeld(key, merges)) continue;
      this.violation(`I1: ${machine.name} lost ${key}: ${this.#written.get(key)?.slice(0, 20)}`);
    }
    machine.present.clear();
    for (const [key, { path }] of now) {
      machine.present.add(key);
      if (!this.#written.has(key) && !this.#held.has(key)) {
        this.violation(`I5: ${path} on ${machine.name} is what nobody wrote: ${key}`);
      }
    }
    takeBack(machine);
    const outside = [...machine.files.outside.names].map(([name, node]) => `${name} ${contentKey(node)} ${node.mode}`);
    if (outside.join() !== untouchedOutside) this.violation(`I8: outside of ${machine.name} lies ${outside.join()}`);
  }

  /** Notes that a client was told that its commit is applied. */
  acknowledge(records: readonly MetadataRecord[]): void {
    for (const record of records) {
      if (record.type === "entry") this.#acknowledged.push({ path: record.path, entry: record.entry });
    }
  }

  /** Watches the commits of a server. */
  watchCommits(store: MetadataStore, server: () => SimulatedServer): MetadataStore["commit"] {
    return async (name, commit) => {
      const newest = await this.#newest(commit, server());
      const outcome = await store.commit(name, commit);
      if (!outcome.ok || outcome.value.repeated) return outcome;
      const { added, modified, deleted, revision } = outcome.value;
      this.#trace(`  revision ${revision} by ${commit.client}: +${[...added]} *${[...modified]} -${[...deleted]}`);
      for (const path of [...added, ...modified, ...deleted]) {
        const unseen = (newest.get(path) ?? 0) > commit.baseRevision;
        if (unseen) this.violation(`I1: ${commit.client} overwrote what it never saw: ${path}`);
      }
      this.#ledger.note(outcome.value, commit);
      this.#checkDeletions(commit, deleted);
      for (const path of [...added, ...modified]) await this.#hold(path, commit.puts.get(path)!, server());
      return outcome;
    };
  }

  /** Notes that a collection of garbage may have removed what the rules of retention do not keep at a time. */
  async collected(server: SimulatedServer, nowMs: number): Promise<void> {
    this.#ledger.collect(await server.metadata.retention(space), nowMs);
  }

  /** Looks whether everything is still to be had that was ever acknowledged, or held, and that retention keeps. */
  async checkHistory(server: SimulatedServer): Promise<void> {
    for (const { path, entry } of this.#acknowledged) {
      if (!this.#ledger.isKept(path, entry)) continue;
      const versions = await server.metadata.history(space, path);
      if (!versions.some((version) => sameEntry(version.entry, entry))) {
        this.violation(`I1: ${path} was acknowledged, and is not in history`);
      }
    }
    const missing = await this.#ledger.missing((path) => server.metadata.history(space, path));
    if (missing.length > 0) this.violation(`I1: the history lacks what its rule keeps: ${missing.slice(0, 5)}`);
    for (const [path, file] of this.#ledger.files()) {
      if (await readFile(file, server) !== undefined) continue;
      this.violation(`I1: the server cannot give ${path} of ${file.size} bytes ${file.content} any more`);
    }
  }

  /** The revision of the newest version at each path of a commit. */
  async #newest(commit: Commit, server: SimulatedServer): Promise<Map<SafePath, number>> {
    const newest = new Map<SafePath, number>();
    for (const path of [...commit.puts.keys(), ...commit.deletes]) {
      newest.set(path, (await server.metadata.history(space, path))[0]?.revision ?? 0);
    }
    return newest;
  }

  #checkDeletions({ client }: Commit, deleted: ReadonlySet<SafePath>): void {
    const machine = this.#machines.get(client);
    for (const path of deleted) {
      if (machine === undefined || !machine.files.has(path)) continue;
      const unread = [...machine.process?.unread ?? []].find((above) => path === above || path.startsWith(`${above}/`));
      if (unread !== undefined) this.violation(`I7: ${client} deleted ${path}, and could not look at ${unread}`);
    }
  }

  /** Notes a content that the server has from now on; all of it must be on the medium. */
  async #hold(path: SafePath, entry: Entry, server: SimulatedServer): Promise<void> {
    if (entry.kind === "directory") return;
    if (entry.kind === "symlink") {
      this.#held.set(linkKey(entry.target), entry);
      return;
    }
    const manifest = await manifestOf(entry, server);
    const missing = manifest.hashes().filter((hash) => !server.keeps(hash));
    if (missing.length > 0) return this.violation(`I6: ${path} names chunks that are not on the medium: ${missing}`);
    const bytes = await readFile(entry, server);
    if (bytes === undefined) return this.violation(`I6: ${path} cannot be read back from the server`);
    const key = bytesKey(bytes);
    const lines = linesOf(bytes);
    if (!this.#written.has(key)) {
      const strange = lines.filter((line) => !this.#writtenLines.has(line));
      if (strange.length > 0) this.violation(`I5: the server has at ${path} what nobody wrote: ${strange}`);
    }
    this.#held.set(key, entry);
    for (const line of lines) this.#heldLines.add(line);
  }

  /** Whether the server has a content, or where texts were merged, all lines of it. */
  #isHeld(key: string, merges: boolean): boolean {
    if (this.#held.has(key)) return true;
    const lines = this.#written.get(key) ?? [];
    return merges && lines.length > 0 && lines.every((line) => this.#heldLines.has(line));
  }
}

/** What lies outside of each root from the beginning. */
const untouchedOutside: string = `a ${bytesKey(outsideBytes)} 420`;

interface Content {
  readonly path: SafePath;
  readonly node: MemoryNode;
}

/** All contents in a folder, each with one place of it. */
function contentsOf(files: MemoryFiles): Map<string, Content> {
  const contents = new Map<string, Content>();
  for (const [path, node] of walkFiles(files.root)) {
    const key = contentKey(node);
    if (key !== undefined) contents.set(key, { path, node });
  }
  return contents;
}

function giveUp(machine: WatchedMachine, path: SafePath, key: string): void {
  machine.givenUp.set(key, new Set(machine.givenUp.get(key)).add(path));
  takeBack(machine);
}

/** What lies elsewhere than where it was decided against is not given up: somebody copied or moved it there. */
function takeBack({ files, givenUp }: WatchedMachine): void {
  if (givenUp.size === 0) return;
  for (const [path, node] of walkFiles(files.root)) {
    const key = contentKey(node);
    if (key !== undefined && givenUp.get(key)?.has(path as SafePath) === false) givenUp.delete(key);
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\n");
}

async function manifestOf({ content, size }: FileEntry, server: SimulatedServer): Promise<Manifest> {
  const stored = await server.metadata.manifest(content);
  return stored ?? Manifest.of(size === 0 ? [] : [{ hash: content, length: size }]);
}

/** The bytes of a file as the server has them, if they are what they must be. */
export async function readFile(file: FileEntry, server: SimulatedServer): Promise<Uint8Array | undefined> {
  const manifest = await manifestOf(file, server);
  const bytes = new Uint8Array(file.size);
  let offset = 0;
  for (const hash of manifest.hashes()) {
    const chunk = await server.chunks.get(hash);
    if (chunk === undefined || sha256(chunk) !== hash || offset + chunk.length > file.size) return undefined;
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return offset === file.size ? bytes : undefined;
}
