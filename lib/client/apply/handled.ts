/** A promise whose failure is seen when its turn comes; until then it must not count as unhandled. */
export function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
