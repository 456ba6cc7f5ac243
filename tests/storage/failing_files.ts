import type { OpenFile, PackFile } from "../../lib/storage/mod.ts";

/** Files on a disk that can be filled up, and whose flushes can fail. */
export class FailingFiles {
  /** How many bytes can still be written; a write that does not fit leaves a part of itself behind, as disks do. */
  bytesLeft: number = Number.POSITIVE_INFINITY;
  /** Whether flushing fails. */
  flushFails = false;
  /** Whether cutting a file fails. */
  truncateFails = false;
  /** How often a pack was flushed. */
  flushes = 0;
  /** How many files were closed with their lock, which a process being started may keep from being free. */
  closedLocked = 0;
  /** How many files are open. */
  open = 0;
  #stepsLeft = Number.POSITIVE_INFINITY;
  /** Told before each write, flush and cut of a pack. */
  onStep: () => void = () => {};
  /** Told before each flush. */
  onFlush: () => void = () => {};

  /** Lets so many writes, flushes and cuts of packs go well, and the ones behind them fail. */
  failAt(step: number): void {
    this.#stepsLeft = step;
  }

  /** Opens a real file, and fails as told. */
  readonly openFile: OpenFile = async (path, options) => {
    const file = await Deno.open(path, options);
    this.open++;
    let locked = false;
    const close = (): void => {
      this.open--;
      if (locked) this.closedLocked++;
      file.close();
    };
    return {
      seekSync: (offset, whence) => file.seekSync(offset, whence),
      read: (buffer) => file.read(buffer),
      write: (bytes) => {
        this.#step(path);
        return this.#write(file, bytes);
      },
      truncate: async (length) => {
        this.#step(path);
        if (this.truncateFails) throw new Error("Input/output error (os error 5)");
        await file.truncate(length);
      },
      syncData: async () => {
        this.#step(path);
        this.onFlush();
        if (this.flushFails) throw new Error("Input/output error (os error 5)");
        if (path.endsWith(".pack")) this.flushes++;
        await file.syncData();
      },
      stat: () => file.stat(),
      lock: async (exclusive) => {
        await file.lock(exclusive);
        locked = true;
      },
      tryLock: async (exclusive) => locked = await file.tryLock(exclusive),
      unlockSync: () => {
        file.unlockSync();
        locked = false;
      },
      close,
      [Symbol.dispose]: close,
    } satisfies PackFile;
  };

  #step(path: string): void {
    if (!path.endsWith(".pack")) return;
    this.onStep();
    if (this.#stepsLeft-- <= 0) throw new Error("Input/output error (os error 5)");
  }

  async #write(file: Deno.FsFile, bytes: Uint8Array): Promise<number> {
    if (this.bytesLeft <= 0) throw new Error("No space left on device (os error 28)");
    const written = await file.write(bytes.subarray(0, Math.min(bytes.length, this.bytesLeft)));
    this.bytesLeft -= written;
    return written;
  }
}
