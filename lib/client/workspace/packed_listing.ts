import { ByteReader, ByteReaderError, type Hash, hashBytes } from "../../core/mod.ts";
import type { Entry, FileEntry } from "../../metadata/mod.ts";
import {
  type DirectoryLook,
  type FileListener,
  type Listing,
  type LocalNode,
  lookColumn,
  lookKinds,
  lookWidth,
  type Stamp,
} from "../../sync/mod.ts";
import { kindMask, kinds, numberColumn, numbersEach, stamped, timed } from "./listing_codec.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const numberBytes = Float64Array.BYTES_PER_ELEMENT;
const restBytes = Uint32Array.BYTES_PER_ELEMENT;

/**
 * A listing as the state keeps it, of which nodes are made when somebody asks for one. In most runs nobody does for most
 * directories: that they are as they were shows in the packed form.
 */
export class PackedListing implements Listing<LocalNode> {
  /** How many names it has. */
  readonly size: number;
  readonly #bytes: Uint8Array;
  /** Where each part begins in the bytes. */
  readonly #textAt: number;
  readonly #tagsAt: number;
  readonly #contentsAt: number;
  readonly #numbersAt: number;
  readonly #restsAt: number;
  readonly #targetsAt: number;
  #view: DataView | undefined;
  #nodes: ReadonlyMap<string, LocalNode> | undefined;

  /**
   * Takes the bytes over, which must not change any more.
   *
   * @throws {ByteReaderError} if they end early.
   */
  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    this.#bytes = bytes;
    this.size = reader.count(1 + numbersEach * numberBytes);
    const textBytes = reader.count(1);
    this.#textAt = reader.offset;
    this.#tagsAt = this.#textAt + textBytes;
    this.#contentsAt = this.#tagsAt + this.size;
    let [files, rests] = [0, 0];
    for (let at = this.#tagsAt; at < this.#contentsAt; at++) {
      const tag = bytes[at]!;
      if ((tag & kindMask) === kinds.file) files++;
      if ((tag & timed) !== 0) rests++;
    }
    this.#numbersAt = this.#contentsAt + files * hashBytes;
    this.#restsAt = this.#numbersAt + this.size * numbersEach * numberBytes;
    this.#targetsAt = this.#restsAt + rests * restBytes;
    if (this.#targetsAt > bytes.length) throw new ByteReaderError(`The listing ends early, at byte ${bytes.length}`);
  }

  isAs(look: DirectoryLook, keepsModes: boolean): boolean {
    if (look.count !== this.size || !this.#hasText(look.text)) return false;
    const { numbers } = look;
    let rest = 0;
    for (let index = 0, at = 0; index < this.size; index++, at += lookWidth) {
      const tag = this.#bytes[this.#tagsAt + index]!;
      const kind = lookKinds[numbers[at + lookColumn.kind]!];
      if (keepsModes && numbers[at + lookColumn.mode] !== this.#number(index, "mode")) return false;
      if ((tag & kindMask) === kinds.directory) {
        if (kind !== "directory") return false;
        continue;
      }
      // What a link says is not in a look.
      if ((tag & kindMask) !== kinds.file || kind !== "file" || (tag & stamped) === 0) return false;
      const restNs = (tag & timed) === 0 ? 0 : this.#restNs(rest++);
      const toldRest = numbers[at + lookColumn.mtimeRestNs]!;
      const same = numbers[at + lookColumn.size] === this.#number(index, "size") &&
        numbers[at + lookColumn.mtimeMs] === this.#number(index, "mtimeMs") &&
        (toldRest < 0 || toldRest === restNs) &&
        numbers[at + lookColumn.ctimeMs] === this.#number(index, "ctimeMs") &&
        numbers[at + lookColumn.inode] === this.#number(index, "inode");
      if (!same) return false;
    }
    return true;
  }

  eachFile(tell: FileListener): void {
    let file = 0;
    for (let index = 0; index < this.size; index++) {
      if ((this.#bytes[this.#tagsAt + index]! & kindMask) !== kinds.file) continue;
      const at = this.#contentsAt + hashBytes * file++;
      tell(this.#number(index, "size"), () => this.#bytes.subarray(at, at + hashBytes).toHex() as Hash);
    }
  }

  get(name: string): LocalNode | undefined {
    return this.#unpacked.get(name);
  }

  has(name: string): boolean {
    return this.#unpacked.has(name);
  }

  keys(): MapIterator<string> {
    return this.#unpacked.keys();
  }

  values(): MapIterator<LocalNode> {
    return this.#unpacked.values();
  }

  entries(): MapIterator<[string, LocalNode]> {
    return this.#unpacked.entries();
  }

  forEach(tell: (node: LocalNode, name: string, listing: ReadonlyMap<string, LocalNode>) => void): void {
    this.#unpacked.forEach(tell);
  }

  [Symbol.iterator](): MapIterator<[string, LocalNode]> {
    return this.entries();
  }

  get #unpacked(): ReadonlyMap<string, LocalNode> {
    return this.#nodes ??= this.#unpack();
  }

  #unpack(): Map<string, LocalNode> {
    const nodes = new Map<string, LocalNode>();
    const contents = this.#bytes.subarray(this.#contentsAt, this.#numbersAt).toHex();
    const targets = new ByteReader(this.#bytes.subarray(this.#targetsAt));
    let [content, rest] = [0, 0];
    for (const [index, name] of this.#names().entries()) {
      const tag = this.#bytes[this.#tagsAt + index]!;
      let entry: Entry;
      if ((tag & kindMask) === kinds.file) {
        const hash = contents.slice(content, content += 2 * hashBytes) as Hash;
        entry = this.#fileAt(index, hash, (tag & timed) === 0 ? 0 : this.#restNs(rest++));
      } else if ((tag & kindMask) === kinds.directory) entry = { kind: "directory", mode: this.#number(index, "mode") };
      else entry = { kind: "symlink", target: targets.string() };
      nodes.set(name, (tag & stamped) === 0 ? { entry } : { entry, stamp: this.#stampAt(index) });
    }
    return nodes;
  }

  // Apart from the loop, as such small functions are compiled long before a loop is.
  #fileAt(index: number, content: Hash, mtimeRestNs: number): FileEntry {
    const [mode, mtimeMs, size] = [
      this.#number(index, "mode"),
      this.#number(index, "mtimeMs"),
      this.#number(index, "size"),
    ];
    if (mtimeRestNs === 0) return { kind: "file", mode, mtimeMs, size, content };
    return { kind: "file", mode, mtimeMs, mtimeRestNs, size, content };
  }

  #stampAt(index: number): Stamp {
    return { ctimeMs: this.#number(index, "ctimeMs"), inode: this.#number(index, "inode") };
  }

  #names(): string[] {
    const names = this.size === 0 ? [] : decoder.decode(this.#bytes.subarray(this.#textAt, this.#tagsAt)).split("/");
    if (names.length !== this.size) throw new ByteReaderError(`${names.length} names stand for ${this.size}`);
    return names;
  }

  #hasText(text: Uint8Array): boolean {
    if (text.length !== this.#tagsAt - this.#textAt) return false;
    for (let i = 0; i < text.length; i++) if (text[i] !== this.#bytes[this.#textAt + i]) return false;
    return true;
  }

  #number(index: number, column: keyof typeof numberColumn): number {
    const at = this.#numbersAt + (index * numbersEach + numberColumn[column]) * numberBytes;
    return this.#numbers.getFloat64(at, true);
  }

  #restNs(index: number): number {
    return this.#numbers.getUint32(this.#restsAt + index * restBytes, true);
  }

  /** The bytes, to read numbers from. */
  get #numbers(): DataView {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return this.#view ??= new DataView(buffer, byteOffset, byteLength);
  }
}
