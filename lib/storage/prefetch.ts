/**
 * Loads items ahead of their use: up to `depth` loads are at work while the consumer is busy with an earlier one.
 *
 * @param items What to load, in order.
 * @param load Loads one.
 * @param depth How many to load ahead; at least 1.
 * @returns What was loaded, in order. If a load fails, that is thrown in its place. Loads that nobody waits for any more
 * are waited for before the iteration ends, so nothing goes on behind the caller's back.
 *
 * @example
 * ```ts
 * import { prefetch } from "./prefetch.ts";
 * import { assertEquals } from "@std/assert";
 * const loaded = await Array.fromAsync(prefetch([1, 2, 3], (item) => Promise.resolve(item * 10), 2));
 * assertEquals(loaded, [10, 20, 30]);
 * ```
 */
export async function* prefetch<Item, Loaded>(
  items: Iterable<Item>,
  load: (item: Item) => Promise<Loaded>,
  depth: number,
): AsyncGenerator<Loaded, void> {
  const waiting: Promise<Loaded>[] = [];
  try {
    for (const item of items) {
      const loading = load(item);
      loading.catch(() => {}); // Seen when its turn comes; until then it must not count as unhandled.
      waiting.push(loading);
      if (waiting.length > depth) yield await waiting.shift()!;
    }
    while (waiting.length > 0) yield await waiting.shift()!;
  } finally {
    await Promise.allSettled(waiting);
  }
}
