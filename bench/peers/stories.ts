import { editBigFile, editFewFiles, renameFolder } from "./edits.ts";
import { installPackage } from "./inputs.ts";

/** What is measured. */
export const scenarios = [
  ...["big", "edit", "small", "nothing", "few", "rename", "copies"] as const,
  ...["package", "patch", "minor"] as const,
] as const;
/** Name of a scenario. */
export type Scenario = typeof scenarios[number];

/** The direction of one measured step. */
export type Direction = "push" | "pull";

/** Trees that stories begin with. */
export type Input = "big" | "small" | "copies" | "package";

/** Scenarios that build on each other: each pushes from one folder, then pulls into a second one. */
export interface Story {
  readonly input: Input;
  readonly chapters: readonly {
    readonly scenario: Scenario;
    /** Changes the folder that is pushed from, before the push. */
    readonly change?: (folder: string) => Promise<void>;
  }[];
  /** True where the trees are of many files: deleting such slows the file system for minutes. */
  readonly deleteLate: boolean;
}

const stories: readonly Story[] = [
  {
    input: "big",
    chapters: [{ scenario: "big" }, { scenario: "edit", change: editBigFile }],
    deleteLate: false,
  },
  {
    input: "small",
    chapters: [
      { scenario: "small" },
      { scenario: "nothing" },
      { scenario: "few", change: editFewFiles },
      { scenario: "rename", change: renameFolder },
    ],
    deleteLate: true,
  },
  { input: "copies", chapters: [{ scenario: "copies" }], deleteLate: true },
  {
    input: "package",
    chapters: [
      { scenario: "package" },
      { scenario: "patch", change: (folder) => installPackage(folder, "5.6.3") },
      { scenario: "minor", change: (folder) => installPackage(folder, "5.7.2") },
    ],
    deleteLate: false,
  },
];

/**
 * Finds the stories to play for some scenarios.
 *
 * @param asked The scenarios wanted.
 * @returns The stories that hold them, each up to the last one wanted: what comes before it is needed to get there.
 */
export function storiesFor(asked: ReadonlySet<Scenario>): Story[] {
  return stories.map((story) => {
    const last = story.chapters.findLastIndex(({ scenario }) => asked.has(scenario));
    return { ...story, chapters: story.chapters.slice(0, last + 1) };
  }).filter(({ chapters }) => chapters.length > 0);
}
