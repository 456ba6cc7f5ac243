/** Types of the part of `@std/path` that dfs uses. */
export declare const SEPARATOR: "/" | "\\";
export declare function basename(path: string, suffix?: string): string;
export declare function dirname(path: string): string;
export declare function extname(path: string): string;
export declare function fromFileUrl(url: string | URL): string;
export declare function toFileUrl(path: string): URL;
export declare function isAbsolute(path: string): boolean;
export declare function join(path: string, ...paths: string[]): string;
export declare function normalize(path: string): string;
export declare function relative(from: string, to: string): string;
export declare function resolve(...pathSegments: string[]): string;
/** Options of {@linkcode globToRegExp}. */
export interface GlobOptions {
  extended?: boolean;
  globstar?: boolean;
  caseInsensitive?: boolean;
}
export declare function globToRegExp(glob: string, options?: GlobOptions): RegExp;
