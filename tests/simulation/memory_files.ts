import type { Clock, SafePath } from "../../lib/core/mod.ts";
import { type FileTime, nsPerMs } from "../../lib/metadata/mod.ts";
import type { SeededRandom } from "../support/seeded_random.ts";

/** A file in memory. */
export interface FileNode {
  readonly kind: "file";
  readonly inode: number;
  /** Never written to, only replaced. */
  bytes: Uint8Array;
  /** What a crash of the machine may leave of it instead: its bytes when they last were on the medium. */
  flushed: Uint8Array | undefined;
  mode: number;
  mtimeMs: number;
  mtimeRestNs: number;
  ctimeMs: number;
}

/** A symbolic link in memory. */
export interface LinkNode {
  readonly kind: "symlink";
  readonly inode: number;
  readonly target: string;
  mode: number;
  mtimeMs: number;
  mtimeRestNs: number;
  ctimeMs: number;
}

/** A directory in memory. */
export interface FolderNode {
  readonly kind: "directory";
  readonly inode: number;
  readonly names: Map<string, MemoryNode>;
  mode: number;
  mtimeMs: number;
  mtimeRestNs: number;
  ctimeMs: number;
}

/** What lies at a path. */
export type MemoryNode = FileNode | LinkNode | FolderNode;

/** Where a path leads, symbolic links followed up to its last name. */
export interface Place {
  readonly directory: FolderNode;
  readonly name: string;
  /** Whether that is outside of the root. */
  readonly outside: boolean;
}

/** A link to here leads out of the root. */
export const outsideTarget = "/outside";
/** What the one file there holds. */
export const outsideBytes: Uint8Array = new TextEncoder().encode("not ours");
const linksMax = 8;
/** The platform tells change times in whole seconds. */
const changeStepMs = 1000;

/**
 * The files of one machine, with a cache before the medium: what was written can be seen at once, and a crash of the
 * machine keeps, drops or spoils it unless it was flushed. Changes of names and attributes come to the medium in their
 * order, as those of a file system with a journal.
 */
export class MemoryFiles {
  readonly root: FolderNode;
  /** What lies beside the root. */
  readonly outside: FolderNode;
  /** What the user has put aside elsewhere on the machine, by its place. */
  readonly aside: Map<string, Uint8Array> = new Map();
  readonly #clock: Clock;
  /** How to take back the changes of names and attributes that are not on the medium, in their order. */
  #journal: (() => void)[] = [];
  readonly #dirty = new Set<FileNode>();
  /** The number that was given last. */
  newestInode = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.root = this.directory(0o755);
    this.outside = this.directory(0o755);
    this.outside.names.set("a", this.file(outsideBytes));
  }

  file(bytes: Uint8Array, mode = 0o644): FileNode {
    return { kind: "file", bytes, flushed: undefined, ...this.#attributes(mode) };
  }

  directory(mode: number): FolderNode {
    return { kind: "directory", names: new Map(), ...this.#attributes(mode) };
  }

  link(target: string): LinkNode {
    return { kind: "symlink", target, ...this.#attributes(0o777) };
  }

  /** Where a path leads. */
  place(path: string, links = 0): Place {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    if (slash < 0) return { directory: this.root, name, outside: false };
    const above = this.#enter(path.slice(0, slash), links);
    return { ...above, name };
  }

  /** What lies at a path; a link at its end is not followed. */
  find(path: string): MemoryNode {
    if (path === "") return this.root;
    const { directory, name } = this.place(path);
    const node = directory.names.get(name);
    if (node === undefined) throw new Deno.errors.NotFound(`No such file or directory (os error 2): ${path}`);
    return node;
  }

  /** As {@linkcode find}, with a link at the end followed, too. */
  follow(path: string, links = 0): MemoryNode {
    if (links > linksMax) throw new Deno.errors.FilesystemLoop("Too many levels of symbolic links (os error 40)");
    const node = this.find(path);
    return node.kind === "symlink" ? this.#target(path, node, links) : node;
  }

  /** Whether something lies at a path of which nothing above is a link. */
  has(path: string): boolean {
    let node: MemoryNode | undefined = this.root;
    for (const name of path.split("/")) node = node?.kind === "directory" ? node.names.get(name) : undefined;
    return node !== undefined;
  }

  /** Puts something under a name, or nothing. */
  setName({ directory, name }: Omit<Place, "outside">, node: MemoryNode | undefined): void {
    this.#setNames([[{ directory, name }, node]]);
  }

  /** Lets something go from one name to another, instead of what is there. */
  move(from: Place, to: Place, node: MemoryNode): void {
    this.#setNames([[to, node], [from, undefined]]);
  }

  #setNames(changes: readonly (readonly [Omit<Place, "outside">, MemoryNode | undefined])[]): void {
    const before = changes.map(([{ directory, name }]) => directory.names.get(name));
    for (const [place, node] of changes) put(place, node);
    for (const node of [...before, ...changes.map(([, node]) => node)]) if (node !== undefined) this.touch(node);
    this.#journal.push(() => changes.forEach(([place], index) => put(place, before[index])));
  }

  /** Gives a node other attributes. */
  setAttributes(node: MemoryNode, attributes: { readonly mode: number } | FileTime): void {
    const { mode, mtimeMs, mtimeRestNs } = node;
    Object.assign(node, "mode" in attributes ? attributes : { mtimeRestNs: 0, ...attributes });
    this.#journal.push(() => Object.assign(node, { mode, mtimeMs, mtimeRestNs }));
    this.touch(node);
  }

  /** Gives a file other bytes, which are in the cache only. */
  setBytes(file: FileNode, bytes: Uint8Array): void {
    if (!this.#dirty.has(file)) file.flushed = file.bytes;
    this.#dirty.add(file);
    file.bytes = bytes;
    Object.assign(file, this.#time());
    this.touch(file);
  }

  /** Notes that something of a node changed. */
  touch(node: MemoryNode): void {
    node.ctimeMs = Math.floor(this.#clock.now() / changeStepMs) * changeStepMs;
  }

  /** Brings the bytes of a file to the medium. */
  flush(file: FileNode): void {
    file.flushed = undefined;
    this.#dirty.delete(file);
  }

  /** Brings all names and attributes to the medium. */
  flushNames(): void {
    this.#journal = [];
  }

  /** The machine goes down: of what was not flushed some is kept, some dropped, some spoiled. */
  crash(random: SeededRandom): string {
    const kept = random.pick([0, random.below(this.#journal.length + 1), this.#journal.length]);
    const undone = this.#journal.slice(kept).reverse();
    for (const undo of undone) undo();
    this.#journal = [];
    const spoiled = [...this.#dirty].map((file) => {
      const before = file.flushed ?? new Uint8Array();
      const outcome = random.pick(["kept", "dropped", "torn", "zeroed"]);
      if (outcome === "dropped") file.bytes = before;
      if (outcome === "torn") file.bytes = file.bytes.slice(0, random.below(file.bytes.length + 1));
      if (outcome === "zeroed") file.bytes = new Uint8Array(file.bytes.length);
      file.flushed = undefined;
      return outcome;
    });
    this.#dirty.clear();
    return `${undone.length} changes of names undone, unflushed files: ${spoiled.join(" ") || "none"}`;
  }

  #attributes(mode: number) {
    const ctimeMs = Math.floor(this.#clock.now() / changeStepMs) * changeStepMs;
    return { inode: ++this.newestInode, mode, ...this.#time(), ctimeMs };
  }

  /** The time it is, with some nanoseconds that differ from time to time. */
  #time(): { readonly mtimeMs: number; readonly mtimeRestNs: number } {
    const mtimeMs = this.#clock.now();
    return { mtimeMs, mtimeRestNs: Math.floor(mtimeMs) * 7919 % nsPerMs };
  }

  /** The directory at a path, with every link on the way followed. */
  #enter(path: string, links: number): { readonly directory: FolderNode; readonly outside: boolean } {
    if (links > linksMax) throw new Deno.errors.FilesystemLoop("Too many levels of symbolic links (os error 40)");
    if (path === "") return { directory: this.root, outside: false };
    const { directory, name, outside } = this.place(path, links);
    const node = directory.names.get(name);
    if (node === undefined) throw new Deno.errors.NotFound(`No such file or directory (os error 2): ${path}`);
    if (node.kind === "directory") return { directory: node, outside };
    if (node.kind === "file") throw new Deno.errors.NotADirectory(`Not a directory (os error 20): ${path}`);
    if (node.target === outsideTarget) return { directory: this.outside, outside: true };
    return this.#enter(joined(path, node.target), links + 1);
  }

  #target(path: string, link: LinkNode, links: number): MemoryNode {
    if (link.target === outsideTarget) return this.outside;
    return this.follow(joined(path, link.target), links + 1);
  }
}

function put({ directory, name }: Omit<Place, "outside">, node: MemoryNode | undefined): void {
  if (node === undefined) directory.names.delete(name);
  else directory.names.set(name, node);
}

/** Where a relative link leads; above the root there is the root again. */
function joined(path: string, target: string): string {
  const names = path.split("/").slice(0, -1);
  for (const name of target.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "." && name !== "") names.push(name);
  }
  return names.join("/");
}

/** Everything below a directory, each directory before what lies in it. */
export function* walkFiles(directory: FolderNode, path = ""): Generator<[SafePath, MemoryNode]> {
  for (const [name, node] of directory.names) {
    const below = path === "" ? name : `${path}/${name}`;
    if (below === ".dfs") continue;
    yield [below as SafePath, node];
    if (node.kind === "directory") yield* walkFiles(node, below);
  }
}
