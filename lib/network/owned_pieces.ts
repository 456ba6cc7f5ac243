/**
 * Pieces with something that must be let go of after them, also if nobody ever asks for the first one: a generator that
 * has not begun does not run its `finally`.
 */
export function ownedPieces(pieces: AsyncIterable<Uint8Array>, owned: Disposable): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
      const iterator = pieces[Symbol.asyncIterator]();
      return {
        async next(): Promise<IteratorResult<Uint8Array>> {
          const step = await iterator.next();
          if (step.done) owned[Symbol.dispose]();
          return step;
        },
        async return(): Promise<IteratorResult<Uint8Array>> {
          await iterator.return?.();
          owned[Symbol.dispose]();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
