import type { Sides } from "../fixtures.ts";

/** One case of the contract of a metadata repository: its name, and what it does with a fresh one and its store. */
export type RepositoryCase = readonly [name: string, run: (sides: Sides) => Promise<void>];
