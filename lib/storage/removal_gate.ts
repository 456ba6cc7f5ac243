import { join } from "@std/path";
import { platformFailure, Semaphore } from "../core/mod.ts";
import { closeLocked, type OpenFile, type PackFile } from "./pack_file.ts";

/**
 * Lets whoever removes chunks wait for those who rely on them staying, in this process and in others: by locks of two
 * files. Who holds takes both shared, who waits takes both alone. The first is a turnstile: while somebody waits there
 * nobody new comes in, so that holders who overlap for ever do not keep the other out.
 */
export class RemovalGate {
  readonly #turnstile: string;
  readonly #room: string;
  readonly #openFile: OpenFile;
  /** One at a time: whoever waits for the lock of a file takes up a thread meanwhile. */
  readonly #entering = new Semaphore(1);

  /**
   * Opens nothing yet.
   *
   * @param directory The folder for the two files.
   */
  constructor(directory: string, openFile: OpenFile) {
    this.#turnstile = join(directory, "turn.lock");
    this.#room = join(directory, "hold.lock");
    this.#openFile = openFile;
  }

  /** Holds, until the returned value is disposed of. */
  async hold(): Promise<Disposable> {
    using _entry = await this.#entering.acquire();
    using _turn = await this.#lock(this.#turnstile, { alone: false });
    return await this.#lock(this.#room, { alone: false });
  }

  /** Resolves when all who held at the time of the call have let go. */
  async drain(): Promise<void> {
    using _turn = await this.#lock(this.#turnstile, { alone: true });
    using _room = await this.#lock(this.#room, { alone: true });
  }

  async #lock(path: string, { alone }: { readonly alone: boolean }): Promise<Disposable> {
    let file: PackFile | undefined;
    try {
      const opened = file = await this.#openFile(path, { read: true, write: true, create: true });
      await opened.lock(alone);
      return { [Symbol.dispose]: () => closeLocked(opened) };
    } catch (cause) {
      file?.close();
      throw platformFailure(`lock "${path}"`, cause);
    }
  }
}
