/** Makes a folder a disk of its own, of so many bytes; `undefined` where that is not allowed. */
export async function mountDisk(folder: string, bytes: number): Promise<AsyncDisposable | undefined> {
  const run = async (command: string, ...args: string[]): Promise<boolean> => {
    try {
      return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
    } catch {
      return false;
    }
  };
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder)) return undefined;
  return { [Symbol.asyncDispose]: async () => void await run("umount", folder) };
}
