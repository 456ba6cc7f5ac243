import { type ChunkStore, openPackStore, type PackStoreOptions } from "../../lib/storage/mod.ts";
import type { CrashFiles } from "./crash_files.ts";

/** Options of {@linkcode PackProgram.open}. */
export interface PackProgramOptions extends Omit<PackStoreOptions, "openFile"> {
  readonly directory: string;
  readonly files: CrashFiles;
}

/** A program that has a folder of packs open twice, as two processes have; it may end at any step. */
export class PackProgram implements AsyncDisposable {
  readonly files: CrashFiles;
  readonly stores: readonly ChunkStore[];

  private constructor(files: CrashFiles, stores: readonly ChunkStore[]) {
    this.files = files;
    this.stores = stores;
  }

  /** Begins the program. */
  static async open({ directory, files, ...options }: PackProgramOptions): Promise<PackProgram> {
    await using stack = new AsyncDisposableStack();
    const stores: ChunkStore[] = [];
    for (let count = 0; count < 2; count++) {
      const store = await openPackStore(directory, { ...options, openFile: files.openFile });
      stack.defer(() => closeAnyway(store, files));
      stores.push(store);
    }
    stack.move();
    return new PackProgram(files, stores);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.stores) await closeAnyway(store, this.files);
  }
}

/** Closes a store; what fails then fails because of what its files were told to do. */
async function closeAnyway(store: ChunkStore, files: CrashFiles): Promise<void> {
  try {
    await store[Symbol.asyncDispose]();
  } catch (cause) {
    if (!files.failed) throw cause;
  }
}
