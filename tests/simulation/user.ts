import { timeOf } from "../../lib/metadata/mod.ts";
import type { WatchClock } from "./world_clock.ts";
import type { SeededRandom } from "../support/seeded_random.ts";
import { type FileNode, type FolderNode, type MemoryFiles, outsideTarget, walkFiles } from "./memory_files.ts";

/** Options of a {@linkcode User}. */
export interface UserOptions {
  readonly name: string;
  readonly files: MemoryFiles;
  readonly clock: WatchClock;
  readonly random: SeededRandom;
  /** The folder that is this user's alone, if all users keep to their own. */
  readonly home: string | undefined;
}

const names = ["a", "b", "c", "d", "n.txt", "x.tmp"];
const fileModes = [0o644, 0o600, 0o755, 0o444];
const folderModes = [0o755, 0o700, 0o555];
const ignoreTexts = ["*.tmp\n", "d\n", "*.tmp\nd\n", ""];
const depthMax = 3;
/** A text of so many lines is of several chunks, most of which stay as they are when a line changes. */
const longLinesMin = 60;
/** How long a line is made then, in bytes that nobody wrote before. */
const longLineBytes = 300;
/** How many texts a user may write again. */
const rememberedMax = 6;

/** Somebody who works in a folder with other programs: their writes are on the medium at once. */
export class User {
  readonly #options: UserOptions;
  /** What was written, the last of it. */
  #written: Uint8Array[] = [];
  #words = 0;

  constructor(options: UserOptions) {
    this.#options = options;
  }

  /** Does something at random; tells what. */
  act(): string {
    const { random, files } = this.#options;
    const done = random.pick(actions)(this);
    files.flushNames();
    return done;
  }

  /** Changes the content of some file; tells which. */
  edit(): string {
    const found = this.#pick("file");
    if (found === undefined) return "finds nothing to edit";
    const [path, file] = found;
    const { random } = this.#options;
    const lines = new TextDecoder().decode(file.bytes).split("\n").slice(0, -1);
    const at = random.below(lines.length + 1);
    if (random.below(4) === 0) lines.splice(at, 1);
    else lines.splice(at, random.below(2), this.newLine());
    this.#overwrite(file, encode(lines));
    return `edits ${path}`;
  }

  /** Writes a file, new or not. */
  write(): string {
    const path = this.#path();
    const { random } = this.#options;
    const lines = random.below(5) === 0
      ? Array.from({ length: longLinesMin + random.below(longLinesMin) }, () => this.#longLine())
      : Array.from({ length: random.below(20) }, () => this.newLine());
    const bytes = encode(lines);
    this.#written = [...this.#written, bytes].slice(-rememberedMax);
    return this.#put(path, this.#options.files.file(bytes)) ? `writes ${path}` : `cannot write ${path}`;
  }

  /**
   * Changes a file, or writes a new one into a folder: what a user can do while things take their place.
   *
   * @param newestInode The number of the newest folder that may be used.
   */
  interfere(newestInode: number): string {
    const { random, files, home } = this.#options;
    if (random.below(2) === 0) return this.edit();
    const folders = [...walkFiles(files.root)].filter(([path, node]) => {
      return node.kind === "directory" && node.inode <= newestInode && (home === undefined || path.startsWith(home));
    });
    const above = folders.length === 0 ? undefined : random.pick(folders)[0];
    const name = random.pick(names);
    const path = above === undefined ? `${home ?? ""}${name}` : `${above}/${name}`;
    if (files.has(path)) return `finds ${path} there`;
    const written = this.#put(path, files.file(encode([this.newLine()])));
    files.flushNames();
    return written ? `writes ${path}` : `cannot write ${path}`;
  }

  /** Writes what others may have written, too. */
  writeKnown(): string {
    const { random, files } = this.#options;
    const path = this.#path();
    const file = files.file(encode([`known ${random.below(3)}`]));
    return this.#put(path, file) ? `writes a known text to ${path}` : `cannot write ${path}`;
  }

  /** Writes once more what was written before, and may be gone meanwhile. */
  writeAgain(): string {
    if (this.#written.length === 0) return "has nothing to write again";
    const path = this.#path();
    const file = this.#options.files.file(this.#options.random.pick(this.#written));
    return this.#put(path, file) ? `writes again to ${path}` : `cannot write ${path}`;
  }

  append(): string {
    const found = this.#pick("file");
    if (found === undefined) return "finds nothing to append to";
    const [path, file] = found;
    const more = encode([this.newLine()]);
    const bytes = new Uint8Array(file.bytes.length + more.length);
    bytes.set(file.bytes);
    bytes.set(more, file.bytes.length);
    this.#overwrite(file, bytes);
    return `appends to ${path}`;
  }

  /** Changes a file and gives it its old time again. */
  editInSecret(): string {
    const found = this.#pick("file");
    if (found === undefined || found[1].bytes.length < 2) return "finds nothing to edit in secret";
    const [path, file] = found;
    // Within a second the platform shows no difference at all.
    this.#options.clock.jump(2500);
    const time = timeOf(file);
    const bytes = file.bytes.slice();
    const word = encode([this.newLine()]).subarray(0, bytes.length);
    bytes.set(word, bytes.length - word.length);
    this.#overwrite(file, bytes);
    this.#options.files.setAttributes(file, time);
    return `edits ${path} in secret`;
  }

  touch(): string {
    const found = this.#pick("file");
    if (found === undefined) return "finds nothing to touch";
    const { random, clock, files } = this.#options;
    const mtimeMs = random.pick([clock.now(), -random.below(1e12), random.below(2 ** 31) * 1000, 0]);
    files.setAttributes(found[1], { mtimeMs });
    return `touches ${found[0]}`;
  }

  chmod(): string {
    const { random, files } = this.#options;
    const found = random.below(3) === 0 ? this.#pick("directory") : this.#pick("file");
    if (found === undefined) return "finds nothing to change permissions of";
    const [path, node] = found;
    const mode = random.pick(node.kind === "file" ? fileModes : folderModes);
    files.setAttributes(node, { mode });
    return `chmod ${mode.toString(8)} ${path}`;
  }

  /** Removes something, with all in it. */
  remove(path: string | undefined = this.#pick()?.[0]): string {
    if (path === undefined) return "finds nothing to remove";
    this.#take(path);
    return `removes ${path}`;
  }

  rename(): string {
    const found = this.#pick();
    if (found === undefined) return "finds nothing to rename";
    const [from, node] = found;
    const to = this.#path();
    if (to === from || to.startsWith(`${from}/`) || from.startsWith(`${to}/`)) return `cannot rename ${from} to ${to}`;
    this.#take(from);
    if (this.#put(to, node)) return `renames ${from} to ${to}`;
    this.#put(from, node);
    return `cannot rename ${from} to ${to}`;
  }

  /** Lets two things change places. */
  swap(): string {
    const [one, other] = [this.#pick(), this.#pick()];
    if (one === undefined || other === undefined) return "finds nothing to swap";
    const [[a, left], [b, right]] = [one, other];
    if (a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)) return `cannot swap ${a} and ${b}`;
    const { files } = this.#options;
    const [placeA, placeB] = [files.place(a), files.place(b)];
    files.setName(placeA, right);
    files.setName(placeB, left);
    return `swaps ${a} and ${b}`;
  }

  mkdir(): string {
    const { files, random } = this.#options;
    const path = this.#path();
    const made = !files.has(path) && this.#put(path, files.directory(random.pick(folderModes)));
    return made ? `makes the folder ${path}` : `cannot make the folder ${path}`;
  }

  /** Puts a folder with a file in it in the place of whatever is there. */
  turnToFolder(): string {
    const { files, random } = this.#options;
    const path = this.#path();
    const folder = files.directory(0o755);
    if (!this.#put(path, folder)) return `cannot turn ${path} into a folder`;
    if (random.below(2) === 0) folder.names.set(random.pick(names), files.file(encode([this.newLine()])));
    return `turns ${path} into a folder of ${folder.names.size}`;
  }

  link(): string {
    const { random, files } = this.#options;
    const path = this.#path();
    const target = random.pick([outsideTarget, random.pick(names), `../${random.pick(names)}`, `to-${this.newLine()}`]);
    return this.#put(path, files.link(target)) ? `links ${path} to ${target}` : `cannot link ${path}`;
  }

  /** Puts a link that leads elsewhere in the place of a folder. */
  relink(): string {
    const found = this.#pick("directory");
    if (found === undefined) return "finds no folder to link elsewhere";
    const { files } = this.#options;
    files.setName(files.place(found[0]), files.link(outsideTarget));
    return `links the folder ${found[0]} elsewhere`;
  }

  ignore(): string {
    const { random, files, home } = this.#options;
    if (home !== undefined) return "ignores nothing";
    const text = random.pick(ignoreTexts);
    files.setName(files.place(".dfsignore"), files.file(new TextEncoder().encode(text)));
    return `ignores ${JSON.stringify(text)}`;
  }

  /** Something that nobody wrote before. */
  newLine(): string {
    return `${this.#options.name}-${++this.#words}`;
  }

  #longLine(): string {
    return `${this.newLine()} ${this.#options.random.bytes(longLineBytes).toHex()}`;
  }

  #path(): string {
    const { random, home } = this.#options;
    const path = Array.from({ length: 1 + random.below(depthMax) }, () => random.pick(names)).join("/");
    return home === undefined ? path : `${home}/${path}`;
  }

  #overwrite(file: FileNode, bytes: Uint8Array): void {
    this.#options.files.setBytes(file, bytes);
    this.#options.files.flush(file);
    this.#options.files.flushNames();
  }

  /** Puts something at a path, with the folders above it; says whether that can be. */
  #put(path: string, node: FileNode | FolderNode | ReturnType<MemoryFiles["link"]>): boolean {
    const { files } = this.#options;
    const above = path.split("/").slice(0, -1);
    let folder = files.root;
    for (const name of above) {
      const next = folder.names.get(name) ?? files.directory(0o755);
      if (next.kind !== "directory") return false;
      folder.names.set(name, next);
      folder = next;
    }
    files.setName({ directory: folder, name: path.slice(path.lastIndexOf("/") + 1) }, node);
    return true;
  }

  #take(path: string): void {
    const { files } = this.#options;
    files.setName(files.place(path), undefined);
  }

  #pick(): [string, FileNode | FolderNode | ReturnType<MemoryFiles["link"]>] | undefined;
  #pick(kind: "file"): [string, FileNode] | undefined;
  #pick(kind: "directory"): [string, FolderNode] | undefined;
  #pick(kind?: "file" | "directory"): [string, FileNode | FolderNode | ReturnType<MemoryFiles["link"]>] | undefined {
    const { files, home, random } = this.#options;
    const found = [...walkFiles(files.root)].filter(([path, node]) =>
      (kind === undefined || node.kind === kind) && (home === undefined || path.startsWith(`${home}/`)) &&
      path !== ".dfsignore"
    );
    return found.length === 0 ? undefined : random.pick(found);
  }
}

/** What users do, by how often they do it. */
const actions: readonly ((user: User) => string)[] = [
  ...Array.from({ length: 5 }, () => (user: User) => user.write()),
  ...Array.from({ length: 5 }, () => (user: User) => user.edit()),
  ...Array.from({ length: 3 }, () => (user: User) => user.rename()),
  ...Array.from({ length: 2 }, () => (user: User) => user.remove()),
  ...Array.from({ length: 2 }, () => (user: User) => user.writeAgain()),
  (user) => user.writeKnown(),
  (user) => user.append(),
  (user) => user.editInSecret(),
  (user) => user.touch(),
  (user) => user.chmod(),
  (user) => user.swap(),
  (user) => user.mkdir(),
  (user) => user.turnToFolder(),
  (user) => user.link(),
  (user) => user.relink(),
  (user) => user.ignore(),
];

function encode(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}
