import { assertEquals } from "@std/assert";
import type { KeptFile } from "../../../lib/client/transfer/fetch_plan.ts";
import { similarBytesMin, SimilarFiles } from "../../../lib/client/transfer/similar_files.ts";
import { at, file } from "../../metadata/store/fixtures.ts";

const size = 10 * similarBytesMin;

function kept(path: string, bytes = size): KeptFile {
  return { path: at(path), entry: { ...file(path), size: bytes } };
}

function find(gone: readonly KeptFile[], path: string, bytes = size): string | undefined {
  return new SimilarFiles(gone).find(at(path), bytes)?.path;
}

Deno.test("SimilarFiles.find() prefers a file of the same name in another folder", () => {
  assertEquals(find([kept("a/other.js"), kept("b/f.js", size * 1.5)], "a/f.js"), "b/f.js");
});

Deno.test("SimilarFiles.find() takes the file of the nearest size of those of the same kind beside it", () => {
  const gone = [kept("a/1.js", size / 1.9), kept("a/2.js", size * 1.1), kept("a/3.js", size * 1.8), kept("a/4.css")];
  assertEquals(find(gone, "a/app.3f9a.js"), "a/2.js");
  assertEquals(find(gone, "b/app.3f9a.js"), undefined);
});

Deno.test("SimilarFiles.find() finds nothing of quite another size, and nothing for short files", () => {
  const gone = [kept("a/1.js", size / 2.1), kept("a/2.js", size * 2.1), kept("a/3.js", similarBytesMin - 1)];
  assertEquals(find(gone, "a/f.js"), undefined);
  assertEquals(find(gone, "a/f.js", similarBytesMin - 1), undefined);
  assertEquals(find(gone, "a/f.js", similarBytesMin), undefined);
  assertEquals(find(gone, "a/f.js", size / 2), "a/1.js");
});
