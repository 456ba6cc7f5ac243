/** Resolves when the event loop has come round: what was begun, such as a request, is on its way then. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
