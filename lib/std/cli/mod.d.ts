/** Types of the part of `@std/cli` that dfs uses. */
/** What {@linkcode parseArgs} found: options by name, and the positional arguments under `_`. */
export interface ParsedArgs {
  _: (string | number)[];
  [option: string]: unknown;
}
/** Options of {@linkcode parseArgs}. */
export interface ParseOptions {
  alias?: Record<string, string | readonly string[]>;
  boolean?: readonly string[];
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  default?: Record<string, unknown>;
  stopEarly?: boolean;
  "--"?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export declare function parseArgs(args: readonly string[], options?: ParseOptions): ParsedArgs;
