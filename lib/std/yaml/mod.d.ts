/** Types of the part of `@std/yaml` that dfs uses. */
/** Options of {@linkcode parse}. */
export interface ParseOptions {
  allowDuplicateKeys?: boolean;
  schema?: "core" | "default" | "failsafe" | "json" | "extended";
  onWarning?(error: Error): void;
}
export declare function parse(content: string, options?: ParseOptions): unknown;
export declare function parseAll(content: string, options?: ParseOptions): unknown;
/** Options of {@linkcode stringify}. */
export interface StringifyOptions {
  indent?: number;
  lineWidth?: number;
  sortKeys?: boolean;
  schema?: "core" | "default" | "failsafe" | "json" | "extended";
}
export declare function stringify(data: unknown, options?: StringifyOptions): string;
