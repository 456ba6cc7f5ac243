/** A file that this process alone holds the lock of. */
export interface LockedFile extends Disposable {
  /** The file, open for reading and writing; closing it would give the lock back. */
  readonly file: Deno.FsFile;
}

/**
 * Takes the exclusive lock of a file, making the file if need be; it is given back when the returned value is disposed of,
 * or when the process ends in whatever way.
 *
 * @returns The locked file, or `undefined` if another process holds the lock.
 * @throws what the platform throws if the file cannot be opened.
 */
export function tryLockFile(path: string): LockedFile | undefined {
  const file = open(path);
  if (file.tryLockSync(true)) return locked(file);
  file.close();
  return undefined;
}

/**
 * Takes the exclusive lock of a file like {@linkcode tryLockFile}, and waits as long as another process holds it.
 *
 * @throws what the platform throws if the file cannot be opened.
 */
export async function lockFile(path: string): Promise<LockedFile> {
  const file = open(path);
  try {
    await file.lock(true);
    return locked(file);
  } catch (cause) {
    file.close();
    throw cause;
  }
}

function open(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true, write: true, create: true });
}

function locked(file: Deno.FsFile): LockedFile {
  return {
    file,
    [Symbol.dispose]: () => {
      // Closing alone would leave the lock with a child process that is being started at this moment.
      file.unlockSync();
      file.close();
    },
  };
}
