import type { SeededRandom } from "./seeded_random.ts";

const names = ["a", "b", "c", "d", "e e", "\u{1f600}", "Z", "long-name-".repeat(8)];

/** Options of {@linkcode editFolder}. */
export interface EditOptions {
  /** How many edits. */
  readonly edits: number;
  /** The longest file in bytes. */
  readonly bytesMax: number;
}

/** Edits a folder at random: writes, changes in the middle, deletes, renames, permissions, times, links, folders. */
export function editFolder(root: string, random: SeededRandom, options: EditOptions): void {
  for (let edit = 0; edit < options.edits; edit++) {
    const place = `${root}/${randomPath(random)}`;
    try {
      editOnce(place, `${root}/${randomPath(random)}`, random, options.bytesMax);
    } catch (cause) {
      // Not every edit fits what is there; the next one may.
      const refused = cause instanceof Error && ("code" in cause || cause.constructor.name in Deno.errors);
      if (!refused) throw cause;
    }
  }
}

function randomPath(random: SeededRandom): string {
  return Array.from({ length: 1 + random.below(3) }, () => random.pick(names)).join("/");
}

function editOnce(place: string, other: string, random: SeededRandom, bytesMax: number): void {
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const length = random.below(4) === 0 ? random.below(bytesMax) : random.below(2000);
      makeParent(place);
      Deno.writeFileSync(place, random.bytes(length));
      return;
    }
    case 4: {
      using file = Deno.openSync(place, { write: true });
      file.seekSync(random.below(Math.max(1, file.statSync().size)), Deno.SeekMode.Start);
      file.writeSync(random.bytes(1 + random.below(500)));
      return;
    }
    case 5:
      return Deno.removeSync(place, { recursive: random.below(2) === 0 });
    case 6:
      makeParent(other);
      return Deno.renameSync(place, other);
    case 7:
      return Deno.mkdirSync(place, { recursive: true });
    case 8:
      makeParent(place);
      return Deno.symlinkSync(random.pick(names), place);
    case 9: {
      if (Deno.lstatSync(place).isSymlink) return;
      const time = new Date(random.below(2 ** 31) * 1000 + random.below(1000));
      if (Deno.lstatSync(place).isFile) {
        Deno.chmodSync(place, random.pick([0o644, 0o600, 0o755, 0o444]));
        Deno.utimeSync(place, time, time);
      } else Deno.chmodSync(place, random.pick([0o755, 0o700, 0o750]));
    }
  }
}

function makeParent(place: string): void {
  Deno.mkdirSync(place.slice(0, place.lastIndexOf("/")), { recursive: true });
}
