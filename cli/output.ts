const encoder = new TextEncoder();

/** Writes a line to standard output; says whether anybody still reads it. */
export function write(line: string): boolean {
  return writeAll(Deno.stdout, encoder.encode(`${line}\n`));
}

/** Writes a text to standard output as it is. */
export function writeText(text: string): void {
  writeAll(Deno.stdout, encoder.encode(text));
}

/** Writes bytes to standard output; says whether anybody still reads them. */
export function writeBytes(bytes: Uint8Array): boolean {
  return writeAll(Deno.stdout, bytes);
}

/** Writes a line to standard error. */
export function writeError(line: string): void {
  writeAll(Deno.stderr, encoder.encode(`${line}\n`));
}

/** Writes what only a programmer can mend to standard error, with the way there. */
export function writeBug(error: unknown): void {
  writeError(`dfs: ${error instanceof Error ? error.stack ?? error.message : error}`);
}

/** Writes a value as JSON to standard output. */
export function writeJson(value: unknown): void {
  write(JSON.stringify(value, undefined, 2));
}

function writeAll(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): boolean {
  try {
    for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
    return true;
  } catch (cause) {
    // Whoever reads, such as `head`, may have seen enough.
    if (!(cause instanceof Deno.errors.BrokenPipe)) throw cause;
    return false;
  }
}

/**
 * A name as it can be shown on a terminal: control characters, which could forge output or steer the terminal, and
 * characters that reverse the direction of text are written as escapes.
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
