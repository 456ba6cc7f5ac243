import { err, ok, type Result } from "./result.ts";

/** Which state each event leads to, by state; what is missing is not allowed. */
export type TransitionTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** An event that came in a state that does not take it: the other side does not keep to the protocol. */
export interface IllegalTransition<State extends string, Event extends string> {
  /** The status of HTTP that tells of it. */
  readonly status: 409;
  /** The state, which stays. */
  readonly state: State;
  /** The event that came. */
  readonly event: Event;
  /** The events that the state takes, in the order of the table; none if it is the last one. */
  readonly allowed: readonly Event[];
}

/**
 * Looks up where an event leads to.
 *
 * @returns The next state, or why there is none.
 *
 * @example
 * ```ts
 * import { nextState, type TransitionTable } from "./state_machine.ts";
 * import { assertEquals } from "@std/assert";
 * const door: TransitionTable<"open" | "shut", "push" | "pull"> = { open: { push: "shut" }, shut: { pull: "open" } };
 * assertEquals(nextState(door, "open", "push"), { ok: true, value: "shut" });
 * assertEquals(nextState(door, "open", "pull").ok, false);
 * ```
 */
export function nextState<State extends string, Event extends string>(
  table: TransitionTable<State, Event>,
  state: State,
  event: Event,
): Result<State, IllegalTransition<State, Event>> {
  const row = table[state];
  const next = row[event];
  if (next !== undefined) return ok(next);
  return err({ status: 409, state, event, allowed: Object.keys(row) as Event[] });
}
