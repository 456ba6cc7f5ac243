const bufferBytes = 1024 * 1024;

/** Inserts bytes in the middle of a file, as an editor does: the new file is written beside it and takes its place. */
export function insertBytes(path: string, bytes: Uint8Array): void {
  const { size, mode } = Deno.statSync(path);
  const written = `${path}.edited`;
  {
    using from = Deno.openSync(path);
    using to = Deno.openSync(written, { write: true, createNew: true });
    copyBytes(from, to, Math.floor(size / 2));
    writeAll(to, bytes);
    copyBytes(from, to, Infinity);
  }
  if (mode !== null) Deno.chmodSync(written, mode & 0o7777);
  Deno.renameSync(written, path);
}

/** Copies up to so many bytes from where one file stands to where the other does. */
function copyBytes(from: Deno.FsFile, to: Deno.FsFile, most: number): void {
  const buffer = new Uint8Array(bufferBytes);
  for (let left = most; left > 0;) {
    const read = from.readSync(buffer.subarray(0, Math.min(left, bufferBytes)));
    if (read === null) return;
    writeAll(to, buffer.subarray(0, read));
    left -= read;
  }
}

function writeAll(to: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
}
