/**
 * Writes all bytes to a file.
 *
 * @param file An open file.
 * @param bytes What to write at its position.
 */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
