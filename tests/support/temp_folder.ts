/** A folder that is gone when the test is over. */
export class TempFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes one, and writes the files of {@linkcode TempFolder.write} into it. */
  static async make(files: Readonly<Record<string, string>> = {}): Promise<TempFolder> {
    const folder = new TempFolder(await Deno.makeTempDir({ prefix: "dfs-test-" }));
    folder.write(files);
    return folder;
  }

  /** Makes a folder in it; gives its path. */
  folder(name: string, files: Readonly<Record<string, string>> = {}): string {
    Deno.mkdirSync(`${this.path}/${name}`, { recursive: true });
    this.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}/${path}`, text])));
    return `${this.path}/${name}`;
  }

  /** Writes files by path, with the folders on their way. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const target = `${this.path}/${path}`;
      Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(target, text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Every file of a folder with its text, every link with `-> target`, every folder with `/`; dfs's own state left out. */
export function readTree(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const { name, isDirectory, isSymlink } of Deno.readDirSync(`${root}/${folder}`)) {
      const path = `${folder}${name}`;
      if (name === ".dfs") continue;
      if (isDirectory) {
        tree[`${path}/`] = "";
        walk(`${path}/`);
      } else {tree[path] = isSymlink
          ? `-> ${Deno.readLinkSync(`${root}/${path}`)}`
          : Deno.readTextFileSync(`${root}/${path}`);}
    }
  };
  walk("");
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => a < b ? -1 : 1));
}
