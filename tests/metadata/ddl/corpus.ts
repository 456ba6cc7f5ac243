/** One snippet of the corpus. */
export interface Snippet {
  /** Name of its file. */
  readonly file: string;
  /** Its text. */
  readonly text: string;
}

const root = new URL("../../fixtures/ddl/", import.meta.url);

/** The snippets of a folder of the corpus, by name. */
export function corpus(folder: "accepted" | "refused"): Snippet[] {
  return [...Deno.readDirSync(new URL(`${folder}/`, root))]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ddl"))
    .sort()
    .map((file) => ({ file, text: Deno.readTextFileSync(new URL(`${folder}/${file}`, root)) }));
}

/** What the mistakes of a refused snippet look like. */
export function expectedMistakes(file: string): string {
  return Deno.readTextFileSync(new URL(`refused/${file.replace(".ddl", ".txt")}`, root));
}
