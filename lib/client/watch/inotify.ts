import { cString, openCLibrary } from "../../core/mod.ts";

const symbols = {
  inotify_init1: { parameters: ["i32"], result: "i32" },
  inotify_add_watch: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  inotify_rm_watch: { parameters: ["i32", "i32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  eventfd_write: { parameters: ["i32", "u64"], result: "i32" },
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
  /** No read is of 2 GiB, so the low half of the answer is all of it. */
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

type Library = Deno.DynamicLibrary<typeof symbols>;

/** What an event's mask says, by the names of inotify(7). */
export const inotifyMask = {
  modify: 0x2,
  attributes: 0x4,
  closeWrite: 0x8,
  movedFrom: 0x40,
  movedTo: 0x80,
  create: 0x100,
  delete: 0x200,
  deleteSelf: 0x400,
  moveSelf: 0x800,
  overflow: 0x4000,
  /** The watch is no more, as what was watched is gone, or nobody wants to know any more. */
  ignored: 0x8000,
  /** Of a folder. */
  isDirectory: 0x4000_0000,
} as const;

/** All that changes a folder or what lies in it, of folders alone, and not by way of a link. */
const watched = inotifyMask.modify | inotifyMask.attributes | inotifyMask.closeWrite | inotifyMask.movedFrom |
  inotifyMask.movedTo | inotifyMask.create | inotifyMask.delete | inotifyMask.deleteSelf | inotifyMask.moveSelf;
const onlyDirectory = 0x100_0000;
const dontFollow = 0x200_0000;
/** Of what was opened: it makes no call wait, and programs that are started do not have it. */
const openFlags = 0o2004000;
/** What poll(2) is asked and says of a descriptor: that there is something to read. */
const readable = 1;

/** Where the fields of an event begin, in bytes; what follows them is the name, filled up with NUL. */
const event = { watch: 0, mask: 4, nameLength: 12, name: 16 } as const;
const eventBytesMax = event.name + 256;
const decoder = new TextDecoder();

/** What happened in a watched folder. */
export interface InotifyEvent {
  /** The number of the folder's watch; -1 if events were lost. */
  readonly watch: number;
  /** What it was, by {@linkcode inotifyMask}. */
  readonly mask: number;
  /** The name in the folder; empty if it happened to the folder itself. */
  readonly name: string;
}

/**
 * The part of Linux that tells what happens in folders (inotify(7)). `Deno.watchFs` stands on the same, yet tells nothing of
 * a folder that was removed and made anew under its name, and follows symbolic links.
 */
export class Inotify implements Disposable {
  readonly #library: Library;
  readonly #fd: number;
  /** Becomes readable when the wait is to end. */
  readonly #end: number;
  readonly #bytes = new Uint8Array(64 * 1024);
  readonly #view = new DataView(this.#bytes.buffer);

  private constructor(library: Library, fd: number, end: number) {
    this.#library = library;
    this.#fd = fd;
    this.#end = end;
  }

  /**
   * Opens it.
   *
   * @throws If this is not Linux, `--allow-ffi` is not given, or the system gives no more of them.
   */
  static open(): Inotify {
    const library = openCLibrary(symbols);
    if (library === undefined) throw new Error("Watching needs Linux's C library, and --allow-ffi");
    const fd = library.symbols.inotify_init1(openFlags);
    const end = library.symbols.eventfd(0, openFlags);
    const inotify = new Inotify(library, fd, end);
    if (fd >= 0 && end >= 0) return inotify;
    inotify[Symbol.dispose]();
    throw new Error("Linux lets this user watch no more; end other watchers, or raise fs.inotify.max_user_instances");
  }

  /** Watches a folder, once however often it is asked; gives the number of its watch, nothing if Linux refuses. */
  add(folder: string): number | undefined {
    const mask = watched | onlyDirectory | dontFollow;
    const number = this.#library.symbols.inotify_add_watch(this.#fd, cString(folder), mask);
    return number < 0 ? undefined : number;
  }

  /** Watches no more; an event with {@linkcode inotifyMask}'s `ignored` follows. */
  remove(watch: number): void {
    this.#library.symbols.inotify_rm_watch(this.#fd, watch);
  }

  /** Settles as soon as there is something to read, or {@linkcode Inotify.end} was called. */
  async wait(): Promise<void> {
    const descriptors = new Int32Array([this.#fd, readable, this.#end, readable]);
    await this.#library.symbols.poll(descriptors, 2n, -1);
  }

  /** Lets every wait end, those to come too. */
  end(): void {
    this.#library.symbols.eventfd_write(this.#end, 1n);
  }

  /** What happened since the last call. */
  *read(): Iterable<InotifyEvent> {
    const [bytes, view] = [this.#bytes, this.#view];
    let filled: number;
    do {
      filled = this.#library.symbols.read(this.#fd, bytes, BigInt(bytes.length));
      for (let at = 0; at < filled; at += event.name + view.getUint32(at + event.nameLength, true)) {
        const name = bytes.subarray(at + event.name, at + event.name + view.getUint32(at + event.nameLength, true));
        const end = name.indexOf(0);
        yield {
          watch: view.getInt32(at + event.watch, true),
          mask: view.getUint32(at + event.mask, true),
          name: end > 0 ? decoder.decode(name.subarray(0, end)) : "",
        };
      }
      // One that leaves room for another event took all there were.
    } while (filled > bytes.length - eventBytesMax);
  }

  /** Closes it; nobody is to be waiting. */
  [Symbol.dispose](): void {
    for (const fd of [this.#fd, this.#end]) if (fd >= 0) this.#library.symbols.close(fd);
    this.#library.close();
  }
}
