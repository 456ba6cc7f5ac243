/** Types of the part of `@std/fmt/bytes` that dfs uses. */
export declare function format(num: number, options?: { binary?: boolean; minimumFractionDigits?: number }): string;
