/** Lets a disk refuse what it cannot keep; a look at what it kept tells. */
export function unlessRefused(step: () => void): void {
  try {
    step();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotSupported)) throw cause;
  }
}
