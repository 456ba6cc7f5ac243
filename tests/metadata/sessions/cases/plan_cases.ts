import { assertEquals } from "@std/assert";
import { at, contentOf } from "../../store/fixtures.ts";
import { pathRoles } from "../../../../lib/metadata/sessions/mod.ts";
import { begin, change, pathOf, pathsOf, piece, type SessionCase } from "../fixtures.ts";

const everything = pathOf("upload", "docs/ä\u{1f600}.txt", {
  done: true,
  seen: 3,
  held: 4,
  mtimeMs: -5,
  mtimeRestNs: 999_999,
  mode: 0o755,
  copy: at("docs/copy.txt"),
  hash: contentOf("text"),
});

/** What a session has to do with which paths. */
export const planCases: readonly SessionCase[] = [
  ["path() gives back what was planned, role by role", async (store) => {
    await begin(store, "s");
    const plain = pathOf("download", "docs/ä\u{1f600}.txt", { seen: 9 });
    await change(store, "s", { plan: [everything, plain] });
    assertEquals(await store.path("s", everything), everything);
    assertEquals(await store.path("s", plain), plain);
    assertEquals(await store.path("s", { role: "same", path: plain.path }), undefined);
    assertEquals(await store.path("other", plain), undefined);
  }],
  ["a plan takes the place of the one before, and drops uploads that are not in it", async (store) => {
    await begin(store, "s");
    await change(store, "s", { plan: [pathOf("upload", "a"), pathOf("upload", "b"), pathOf("same", "c")] });
    for (const path of ["a", "b"]) await store.putPiece("s", piece(path, 0));
    await change(store, "s", { plan: [pathOf("upload", "b"), pathOf("upload", "d")] });
    assertEquals(await pathsOf(store, "s", "upload"), [at("b"), at("d")]);
    assertEquals(await pathsOf(store, "s", "same"), []);
    assertEquals(await store.upload("s", at("a")), undefined);
    assertEquals((await store.upload("s", at("b")))?.pieces.length, 1);
  }],
  ["pending() counts what is not done, and paths() selects it", async (store) => {
    await begin(store, "s");
    await change(store, "s", {
      plan: [
        pathOf("upload", "a"),
        pathOf("upload", "b", { done: true }),
        pathOf("download", "c"),
        pathOf("download", "d"),
        pathOf("delete_remote", "e"),
        pathOf("delete_local", "f", { done: true }),
      ],
    });
    const none = { same: 0, upload: 1, download: 2, delete_remote: 1, delete_local: 0 };
    assertEquals(await store.pending("s"), none);
    const uploads = async (done?: boolean) =>
      (await store.paths("s", "upload", { limit: 9, ...(done === undefined ? {} : { done }) })).map(({ path }) => path);
    assertEquals([await uploads(true), await uploads(false), (await uploads()).length], [[at("b")], [at("a")], 2]);
    assertEquals((await store.paths("s", "download", { limit: 1 })).length, 1);
  }],
  ["a settled upload is done and its pieces are gone, in the same step", async (store) => {
    await begin(store, "s");
    await change(store, "s", { plan: [pathOf("upload", "a"), pathOf("download", "a")] });
    await store.putPiece("s", piece("a", 0));
    await change(store, "s", { settled: [pathOf("download", "a", { done: true, held: 2 })] });
    assertEquals((await store.upload("s", at("a")))?.pieces.length, 1);
    await change(store, "s", { settled: [pathOf("upload", "a", { done: true, held: 3 })] });
    assertEquals(await store.upload("s", at("a")), undefined);
    assertEquals((await store.pending("s")).upload, 0);
  }],
  ["held() is what was done when a session said so, and nothing else", async (store) => {
    await begin(store, "s");
    const plan = [
      pathOf("same", "a", { done: true, held: 1 }),
      pathOf("download", "b", { done: true, held: 7 }),
      pathOf("upload", "b", { done: true, held: 0 }),
      pathOf("download", "c", { held: 5 }),
      pathOf("delete_remote", "d", { done: true, seen: 4 }),
    ];
    await change(store, "s", { plan });
    assertEquals(await store.held("laptop-1", "default"), new Map());
    await change(store, "s", { holds: true });
    assertEquals(await store.held("laptop-1", "default"), new Map([[at("a"), 1], [at("b"), 7]]));
    assertEquals(await store.held("laptop-1", "photos"), new Map());
    const left = await Promise.all(pathRoles.map((role) => pathsOf(store, "s", role)));
    assertEquals(left, [[], [at("b")], [], [], []]);
    await begin(store, "t");
    await change(store, "t", { plan: [pathOf("same", "z", { done: true, held: 2 })], holds: true });
    assertEquals(await store.held("laptop-1", "default"), new Map([[at("z"), 2]]));
  }],
  ["nameCopy() settles one name, whoever comes first", async (store) => {
    await begin(store, "s");
    await change(store, "s", { plan: [pathOf("upload", "a")] });
    const name = (from: string | undefined, to: string) =>
      store.nameCopy("s", at("a"), { from: from === undefined ? undefined : at(from), to: at(to) });
    assertEquals(await name(undefined, "a.1"), at("a.1"));
    assertEquals(await name(undefined, "a.2"), at("a.1"));
    assertEquals(await name("a.1", "a.3"), at("a.3"));
    assertEquals((await store.path("s", pathOf("upload", "a")))?.copy, at("a.3"));
  }],
];
