/** Version of the program: that of `deno.json`, which a test compares. */
export const version = "0.1.0";
