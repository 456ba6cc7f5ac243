/** A rule that holds without being asked for. */
export interface BuiltInRule {
  /**
   * A name as it would stand in a `.dfsignore`, with `*` for any characters and `?` for one. With a slash at its end it
   * matches folders and nothing else, without one everything but folders: whoever calls a folder `old~` means to keep it.
   */
  readonly pattern: string;
  /** What writes such files. */
  readonly from: string;
}

/**
 * What editors, systems and downloads leave lying about for a while. Only names that nobody gives to work of his own:
 * `*.tmp`, `*.bak`, `*.log` and `._*` are not among them, for programs do keep what matters under such names.
 */
export const builtInRules: readonly BuiltInRule[] = [
  { pattern: ".DS_Store", from: "Finder of macOS: how a folder is shown" },
  { pattern: ".Spotlight-V100/", from: "macOS: search index of a disk" },
  { pattern: ".Trashes/", from: "macOS: trash of a disk" },
  { pattern: ".fseventsd/", from: "macOS: journal of a disk" },
  { pattern: ".TemporaryItems/", from: "macOS: temporary files of a disk" },
  { pattern: "Thumbs.db", from: "Windows: previews of a folder" },
  { pattern: "ehthumbs.db", from: "Windows: previews of a folder" },
  { pattern: "desktop.ini", from: "Windows: how a folder is shown" },
  { pattern: "Desktop.ini", from: "Windows: how a folder is shown" },
  { pattern: "$RECYCLE.BIN/", from: "Windows: trash of a disk" },
  { pattern: "System Volume Information/", from: "Windows: restore points and index of a disk" },
  { pattern: ".Trash-*/", from: "Linux desktops: trash of a disk" },
  { pattern: ".fuse_hidden*", from: "FUSE: a deleted file that is still open" },
  { pattern: ".nfs0000*", from: "NFS: a deleted file that is still open" },
  { pattern: ".goutputstream-*", from: "GLib: a file being saved" },
  { pattern: "*.swp", from: "Vim: swap file" },
  { pattern: ".*.sw?", from: "Vim: further swap files" },
  { pattern: ".*.kate-swp", from: "Kate: swap file" },
  { pattern: "*~", from: "Emacs, Vim, gedit and others: the file as it was before" },
  { pattern: "\\#*#", from: "Emacs: automatic saves" },
  { pattern: ".#*", from: "Emacs: lock" },
  { pattern: ".~lock.*#", from: "LibreOffice: lock" },
  { pattern: "~$*", from: "Microsoft Office: lock" },
  { pattern: "~*.tmp", from: "Microsoft Office: a file being saved" },
  { pattern: "*.part", from: "Firefox and others: a download that is not complete" },
  { pattern: "*.crdownload", from: "Chromium: a download that is not complete" },
];

/**
 * Rules as a scan asks for them, for every name it sees: by the character that a name begins with, and those that begin
 * with a `*` by what it ends with.
 */
interface NameTable {
  readonly byFirst: ReadonlyMap<number, RegExp>;
  readonly endings: readonly string[];
}

const files = tableOf(builtInRules.filter(({ pattern }) => !pattern.endsWith("/")));
const folders = tableOf(builtInRules.filter(({ pattern }) => pattern.endsWith("/")));

/**
 * Says whether a built-in rule matches a name.
 *
 * @param name The last name of a path.
 */
export function matchBuiltIn(name: string, isDirectory: boolean): boolean {
  const { byFirst, endings } = isDirectory ? folders : files;
  if (byFirst.get(name.charCodeAt(0))?.test(name)) return true;
  for (const ending of endings) if (name.endsWith(ending)) return true;
  return false;
}

/** Finds the built-in rule that matches a name; gives its place in {@linkcode builtInRules}, or -1. */
export function findBuiltIn(name: string, isDirectory: boolean): number {
  return builtInRules.findIndex((rule) => {
    return rule.pattern.endsWith("/") === isDirectory && expressionOf([rule]).test(name);
  });
}

function tableOf(rules: readonly BuiltInRule[]): NameTable {
  const literal = (pattern: string): string => pattern.replace(/^\\/, "");
  const byEnding = rules.filter(({ pattern }) => /^\*[^*?]+$/.test(pattern));
  const others = Map.groupBy(rules.filter((rule) => !byEnding.includes(rule)), ({ pattern }) => {
    return literal(pattern).charCodeAt(0);
  });
  return {
    byFirst: new Map([...others].map(([first, group]) => [first, expressionOf(group)])),
    endings: byEnding.map(({ pattern }) => pattern.slice(1)),
  };
}

function expressionOf(rules: readonly BuiltInRule[]): RegExp {
  const alternatives = rules.map(({ pattern }) => {
    const literal = pattern.replace(/^\\/, "").replace(/\/$/, "").replace(/[\\^$.+()[\]{}|]/g, "\\$&");
    return literal.replaceAll("*", ".*").replaceAll("?", ".");
  });
  return new RegExp(`^(?:${alternatives.join("|")})$`, "s");
}
