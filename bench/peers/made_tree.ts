import { join } from "@std/path";
import { randomNumbers } from "./random_bytes.ts";

const words =
  "export const function return import from type readonly string number value options index if else for of " +
  "new this null undefined true false default interface extends class async await throw error length map push join";
const vocabulary = words.split(" ");

/**
 * Makes a tree like that of installed packages: folders of 1,500 files, most of them small and of text, a few large.
 *
 * @param folder Where; it is created.
 * @param options How many files, how many bytes in all (about), and a seed: equal seeds give equal trees.
 */
export function makeTree(
  folder: string,
  options: { readonly files: number; readonly bytes: number; readonly seed: number },
): void {
  const random = randomNumbers(options.seed);
  const encoder = new TextEncoder();
  const mean = options.bytes / options.files;
  for (let file = 0; file < options.files; file++) {
    const parent = join(folder, `package-${Math.floor(file / 1500)}`, `part-${Math.floor(file / 50) % 30}`);
    if (file % 50 === 0) Deno.mkdirSync(parent, { recursive: true });
    // One file in a hundred has half of all bytes.
    const size = mean * (file % 100 === 0 ? 50 : 0.5) * (0.5 + random() / 2 ** 32);
    Deno.writeFileSync(join(parent, `module-${file}.js`), encoder.encode(text(size, random)));
  }
}

function text(size: number, random: () => number): string {
  let line = "";
  const lines: string[] = [];
  for (let length = 0; length < size;) {
    line += `${vocabulary[random() % vocabulary.length]} `;
    if (line.length < 60) continue;
    // Names are what code does not repeat.
    line += `_${random().toString(36)};\n`;
    lines.push(line);
    length += line.length;
    line = "";
  }
  return lines.join("");
}
