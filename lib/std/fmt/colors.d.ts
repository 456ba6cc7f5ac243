/** Types of the part of `@std/fmt/colors` that dfs uses. */
export declare function setColorEnabled(value: boolean): void;
export declare function getColorEnabled(): boolean;
export declare function bold(text: string): string;
export declare function cyan(text: string): string;
export declare function dim(text: string): string;
export declare function green(text: string): string;
export declare function red(text: string): string;
export declare function yellow(text: string): string;
