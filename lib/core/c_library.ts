/** Functions of Linux's C library; nothing where there is none of that kind, or `--allow-ffi` is not given. */
export function openCLibrary<Symbols extends Deno.ForeignLibraryInterface>(
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols> | undefined {
  if (Deno.build.os !== "linux" || Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
  try {
    return Deno.dlopen("libc.so.6", symbols);
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

/** Gives a path as C takes it, in memory that is reused from call to call; it is not to hold NUL. */
export type CString = (path: string) => Uint8Array<ArrayBuffer>;

/** A {@linkcode CString} with memory of its own, for calls that take more paths than one. */
export function makeCString(): CString {
  let bytes = new Uint8Array(8192);
  return (path) => {
    if (bytes.length <= path.length * 3) bytes = new Uint8Array(path.length * 3 + 1);
    const { written } = encoder.encodeInto(path, bytes);
    bytes[written] = 0;
    return bytes;
  };
}

/** The {@linkcode CString} for calls that take one path. */
export const cString: CString = makeCString();
