import type { CommandEntry } from "../commands.ts";

/** The commands of `dfs meta`. */
export const metaCommands: readonly CommandEntry[] = [
  {
    name: "meta check",
    summary: "Find the mistakes in metadata files",
    load: async () => (await import("./check.ts")).metaCheck,
  },
  {
    name: "meta fmt",
    summary: "Bring a metadata file into its canonical form",
    load: async () => (await import("./fmt.ts")).metaFmt,
  },
  { name: "meta add", summary: "Announce metadata on a server", load: async () => (await import("./add.ts")).metaAdd },
  {
    name: "meta get",
    summary: "Show what a server knows of a path",
    load: async () => (await import("./get.ts")).metaGet,
  },
  {
    name: "meta list",
    summary: "List what a server knows of paths",
    load: async () => (await import("./list.ts")).metaList,
  },
  { name: "meta rm", summary: "Delete a path on a server", load: async () => (await import("./rm.ts")).metaRm },
  {
    name: "meta history",
    summary: "Show all versions of a path, announced ones too",
    load: async () => (await import("./history.ts")).metaHistory,
  },
  {
    name: "meta export",
    summary: "Write the metadata of a space to a file",
    load: async () => (await import("./export.ts")).metaExport,
  },
  {
    name: "meta import",
    summary: "Announce the metadata of a file, however large",
    load: async () => (await import("./import.ts")).metaImport,
  },
];
