/** A program that is built as one file. */
export interface Executable {
  readonly name: string;
  /** Its main module. */
  readonly entry: string;
  /** All it is allowed to do: the least it needs. */
  readonly permissions: readonly string[];
  /** Modules that are loaded by address, as workers are. */
  readonly include: readonly string[];
}

/**
 * What is built, and what each may do. Folders and addresses are the user's to name when it runs, so reading, writing and
 * the network are not narrowed here; neither may run programs, or read the environment beyond the variables of dfs itself.
 * Only the client may call native code: Linux's C library, see the README on `libc.so.6`.
 */
export const executables: readonly Executable[] = [
  {
    name: "dfs",
    entry: "main.ts",
    permissions: [
      "--allow-read",
      "--allow-write",
      "--allow-net",
      "--allow-sys=hostname",
      "--allow-env=DFS_*",
      "--allow-ffi",
    ],
    include: [
      "lib/app/pool_worker.ts",
      "lib/client/folder/look_worker.ts",
      "lib/client/folder/make_worker.ts",
      "lib/client/transfer/pack_worker.ts",
    ],
  },
  {
    name: "dfs-server",
    entry: "cli/server_main.ts",
    permissions: ["--allow-read", "--allow-write", "--allow-net"],
    include: ["lib/app/pool_worker.ts"],
  },
];

/**
 * How V8 is to work in them. Its threads that copy young objects pay in long runs with large heaps; a run of a client is
 * short, its heap small, and they only keep each other and the server waiting: on two cores a push of 90 edits took 0.27 s
 * without and 0.33 s with them, while large pushes and pulls took as long. Room for young objects beyond 4 MiB makes nothing
 * faster, and takes 30 MiB when 100,000 files are pushed.
 */
export const engineFlags = "--v8-flags=--no-parallel-scavenge,--max-semi-space-size=4";

/** The platforms they are built for, as the compiler names them. */
export const targets = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"] as const;
