import type { MetadataStore } from "../../../../lib/metadata/mod.ts";

/** One case of the contract of a metadata store: its name, and what it does with a fresh store with an empty space. */
export type StoreCase = readonly [name: string, run: (store: MetadataStore) => Promise<void>];
