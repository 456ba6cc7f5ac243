/// <reference lib="deno.worker" />
import { openSqliteStore } from "../../../lib/metadata/mod.ts";
import { apply, file, space } from "./fixtures.ts";

/** What the worker is asked for: to commit so often, each time on the newest head. */
interface Order {
  readonly path: string;
  readonly client: string;
  readonly commits: number;
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  await using store = openSqliteStore(data.path);
  await store.createSpace(space);
  let applied = 0;
  while (applied < data.commits) {
    const text = `${data.client} ${applied}`;
    const outcome = await apply(store, { id: text, puts: { "counter": file(text) } });
    if ("revision" in outcome) applied++;
  }
  self.postMessage(applied);
};
