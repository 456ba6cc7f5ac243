import { cString } from "../../core/mod.ts";
import { DirectoryLook, lookWidth } from "../../sync/mod.ts";
import { type Library, readOnly } from "./libc.ts";
import { statxInto } from "./statx.ts";

/** What getdents64(2) fills: of each name the length of its record, and from a fixed place on itself up to a NUL. */
const records = new Uint8Array(64 * 1024);
const recordsLength = BigInt(records.length);
const lengthAt = 16;
const nameAt = 19;
const slash = 47;
const dot = 46;
/** A name as C takes it. Most file systems have 255 bytes for one, some more, and none more than a record holds. */
const name = new Uint8Array(records.length);
const unicode = new TextDecoder("utf-8", { fatal: true });

/**
 * Looks into a directory, each name found from there on.
 *
 * @returns Nothing if anything is in the way, or a name is not Unicode.
 */
export function linuxLook(library: Library, path: string): DirectoryLook | undefined {
  if (library.getdents64 === null) return undefined;
  const directory = library.open(cString(path), readOnly);
  if (directory < 0) return undefined;
  try {
    gathered.begin(library, directory);
    for (;;) {
      const filled = library.getdents64(directory, records, recordsLength);
      if (filled < 0) return undefined;
      if (filled === 0) return gathered.end();
      for (let at = 0; at < filled; at += records[at + lengthAt]! + records[at + lengthAt + 1]! * 256) {
        if (!gathered.add(at)) return undefined;
      }
    }
  } finally {
    library.close(directory);
  }
}

/** Gathers what a look finds, in memory that is reused from look to look. */
class Gathered {
  #target:
    | { readonly library: Library; readonly directory: number; readonly name: Uint8Array<ArrayBuffer> }
    | undefined;
  #text = new Uint8Array(64 * 1024);
  #numbers = new Float64Array(1024 * lookWidth);
  #textLength = 0;
  #count = 0;
  #isAscii = true;

  /** Begins with an open directory. */
  begin(library: Library, directory: number): void {
    this.#target = { library, directory, name };
    this.#textLength = 0;
    this.#count = 0;
    this.#isAscii = true;
  }

  /**
   * Adds the name of a record; says whether it could be looked at. All that is done for each name is in here, as so small a
   * function is compiled, and the calls in it become quick, long before that happens to a loop over many.
   */
  add(record: number): boolean {
    let length = 0;
    for (let byte = records[record + nameAt]!; byte !== 0; byte = records[record + nameAt + length]!) {
      if (byte >= 0x80) this.#isAscii = false;
      name[length++] = byte;
    }
    if (name[0] === dot && (length === 1 || (length === 2 && name[1] === dot))) return true;
    name[length] = 0;
    if (this.#textLength + length + 1 > this.#text.length || (this.#count + 1) * lookWidth > this.#numbers.length) {
      this.#grow();
    }
    if (!statxInto(this.#numbers, this.#count * lookWidth, this.#target!)) return false;
    if (this.#count++ > 0) this.#text[this.#textLength++] = slash;
    for (let i = 0; i < length; i++) this.#text[this.#textLength++] = name[i]!;
    return true;
  }

  /** What was gathered. */
  end(): DirectoryLook | undefined {
    const text = this.#text.slice(0, this.#textLength);
    if (!this.#isAscii && !isUnicode(text)) return undefined;
    return new DirectoryLook({ text, numbers: this.#numbers.slice(0, this.#count * lookWidth) });
  }

  #grow(): void {
    const [text, numbers] = [this.#text, this.#numbers];
    this.#text = new Uint8Array(text.length * 2);
    this.#text.set(text);
    this.#numbers = new Float64Array(numbers.length * 2);
    this.#numbers.set(numbers);
  }
}

const gathered = new Gathered();

function isUnicode(bytes: Uint8Array): boolean {
  try {
    unicode.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
