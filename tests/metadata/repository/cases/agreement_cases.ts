import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { MemoryMetadataRepository, type PathMetadata, type Step } from "../../../../lib/metadata/repository/mod.ts";
import { MemoryMetadataStore, syncStatuses } from "../../../../lib/metadata/mod.ts";
import { apply, at, directory, file, space } from "../../store/fixtures.ts";
import { announcement, atMs, listed, type Sides } from "../fixtures.ts";
import type { RepositoryCase } from "./case.ts";

const path = fc.constantFrom("a", "b", "d/a", "d/b", "d/e/a", "d-/a");
const text = fc.constantFrom("1", "2", "3");
const expected = fc.option(fc.nat({ max: 4 }), { nil: undefined }).map((version) => {
  return version === undefined ? {} : { expected: { version } };
});

/** What happens to a space: a commit that puts or deletes a path, or a transaction of some steps. */
type Happening = { readonly path: string; readonly text: string | undefined } | readonly Step[];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(path, text).map(([path, text]) => ({ type: "add", metadata: announcement(path, text) }) as const),
  fc.tuple(path, text, expected).map(([path, text, expected]) => {
    return { type: "update", metadata: announcement(path, text), ...expected } as const;
  }),
  fc.tuple(path, expected).map(([path, expected]) => ({ type: "delete", path: at(path), ...expected }) as const),
  fc.tuple(path, fc.constantFrom("x", "y"), fc.nat({ max: 5 })).map(([path, node, version]) => {
    return { type: "replica", path: at(path), replica: { node, version } } as const;
  }),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ path, text: fc.option(text, { nil: undefined }) }),
  fc.array(step, { minLength: 1, maxLength: 3 }),
);

/** Everything that can be asked. */
async function everything(sides: Sides): Promise<unknown> {
  const { repository } = sides;
  const page = await repository.list(space, { limit: 100 });
  const byPath =
    (await Promise.all(page.entries.map(({ metadata }) => repository.get(space, metadata.path)))) as PathMetadata[];
  assertEquals(byPath, [...page.entries]);
  const states = await Promise.all(syncStatuses.map((state) => listed(sides, { state })));
  const histories = await Promise.all(["a", "d/a", "d/e/a"].map((path) => repository.history(space, at(path))));
  return { page, states, histories, ofD: await listed(sides, { prefix: "d/", limit: 2 }) };
}

async function happen({ store, repository }: Sides, happening: Happening): Promise<unknown> {
  if (!("path" in happening)) return await repository.transact(space, { steps: happening, atMs });
  const { path, text } = happening;
  const parents = path.split("/").slice(0, -1).map((_, index, names) => names.slice(0, index + 1).join("/"));
  if (text === undefined) return await apply(store, { id: crypto.randomUUID(), deletes: [path] });
  const puts = Object.fromEntries(parents.map((parent) => [parent, directory()]));
  return await apply(store, { id: crypto.randomUUID(), puts: { ...puts, [path]: file(text) } });
}

/** That an implementation tells the same as the one in memory, whatever happens. */
export const agreementCases: readonly RepositoryCase[] = [
  ["every question is answered as the repository in memory answers it, whatever happened", async (sides) => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 12 }), async (happenings) => {
        const name = `${space}-${round++}`;
        const model = new MemoryMetadataStore();
        await using repository = new MemoryMetadataRepository(model);
        const there = { store: renamed(sides.store, name), repository: renamed(sides.repository, name) };
        await model.createSpace(space);
        await sides.store.createSpace(name);
        for (const happening of happenings) {
          const outcomes = [await happen(there, happening), await happen({ store: model, repository }, happening)];
          assertEquals(outcomes[0], outcomes[1]);
        }
        assertEquals(await everything(there), await everything({ store: model, repository }));
      }),
      { numRuns: 60 },
    );
  }],
];

/** A store or a repository that takes the usual space for another one. */
function renamed<Side extends object>(side: Side, name: string): Side {
  return new Proxy(side, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => method.call(target, ...args.map((arg) => arg === space ? name : arg));
    },
  });
}
