import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Failure } from "../../../lib/core/mod.ts";
import type { VersionRecord } from "../../../lib/metadata/mod.ts";
import { versionAt } from "../../../lib/sync/service/mod.ts";
import { noise } from "../../storage/fixtures.ts";
import { at, file } from "../../metadata/store/fixtures.ts";
import { cutContent } from "../../support/cut_content.ts";
import { ServiceFixture, space } from "../../support/service_fixture.ts";

function record(version: number, revision: number): VersionRecord {
  return { version, revision, entry: file(`${version}`), client: "laptop", committedAtMs: revision };
}

Deno.test("versionAt() gives the newest version up to a revision, and none before the first", () => {
  const versions = [record(3, 9), record(2, 5), record(1, 2)];
  const found = [1, 2, 4, 5, 8, 9, 99].map((revision) => versionAt(versions, revision)?.version);
  assertEquals(found, [undefined, 1, 1, 2, 2, 3, 3]);
  assertEquals(versionAt([], 3), undefined);
});

Deno.test("versionAt() does not take what was removed for what never was", () => {
  const versions = [record(3, 9), record(2, 5)];
  assertEquals(versionAt(versions, 5)?.version, 2);
  const failure = assertThrows(
    () => versionAt(versions, 4),
    Failure,
    "the oldest version that is kept is 2, of revision 5",
  );
  assertEquals(failure.kind, "not_found");
});

Deno.test("restore() refuses to bring back a state of which versions were removed, a file's and a tree's", async () => {
  const fixture = await ServiceFixture.make();
  for (const seed of [1, 2, 3]) {
    const content = cutContent(noise(100, seed));
    await fixture.store(content);
    await fixture.apply({ a: content });
  }
  await fixture.metadata.setRetention(space, { keepVersions: 2 });
  await fixture.metadata.prune(space, { nowMs: 0 });
  const request = { exact: true, dryRun: false, id: "x", client: "laptop" };
  for (const path of [at("a"), at("")]) {
    const restoring = fixture.service.restore(space, { ...request, path, to: { revision: 1 } });
    assertEquals((await assertRejects(() => restoring, Failure, "removed")).kind, "not_found");
    const restored = await fixture.service.restore(space, { ...request, dryRun: true, path, to: { revision: 2 } });
    assert(restored.ok);
    assertEquals(restored.value.changes.map(({ path }) => path), ["a"]);
  }
});
