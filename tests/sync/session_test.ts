import { assert, assertEquals } from "@std/assert";
import {
  advanceSession,
  describeProtocolError,
  isFinal,
  type SessionEvent,
  type SessionEventType,
  type SessionState,
  sessionStates,
  type SessionStatus,
  sessionTable,
} from "../../lib/sync/mod.ts";

const statuses: Readonly<Record<SessionState, SessionStatus>> = {
  Idle: { state: "Idle" },
  ComputingDiff: { state: "ComputingDiff" },
  RequestingMetadata: { state: "RequestingMetadata" },
  TransferringFiles: { state: "TransferringFiles", uploads: 1, downloads: 2 },
  ResolvingConflicts: { state: "ResolvingConflicts", conflicts: 3 },
  ApplyingChanges: { state: "ApplyingChanges" },
  Complete: { state: "Complete", revision: 4 },
  Failed: { state: "Failed", error: "The disk is full" },
};

const events: Readonly<Record<SessionEventType, SessionEvent>> = {
  compare: { type: "compare" },
  request_metadata: { type: "request_metadata" },
  receive_metadata: { type: "receive_metadata" },
  transfer: { type: "transfer", uploads: 5, downloads: 6 },
  resolve: { type: "resolve", conflicts: 7 },
  apply: { type: "apply" },
  finish: { type: "finish", revision: 8 },
  fail: { type: "fail", error: "It was given up" },
};

/** Every cell of the table, written down a second time: what is not here must be refused. */
const cells: Readonly<Record<SessionState, string>> = {
  Idle: "compare>ComputingDiff fail>Failed",
  ComputingDiff: "compare>ComputingDiff request_metadata>RequestingMetadata transfer>TransferringFiles " +
    "resolve>ResolvingConflicts apply>ApplyingChanges finish>Complete fail>Failed",
  RequestingMetadata: "compare>ComputingDiff receive_metadata>ComputingDiff fail>Failed",
  TransferringFiles: "compare>ComputingDiff transfer>TransferringFiles resolve>ResolvingConflicts " +
    "apply>ApplyingChanges finish>Complete fail>Failed",
  ResolvingConflicts: "compare>ComputingDiff transfer>TransferringFiles resolve>ResolvingConflicts " +
    "apply>ApplyingChanges fail>Failed",
  ApplyingChanges: "compare>ComputingDiff transfer>TransferringFiles resolve>ResolvingConflicts " +
    "apply>ApplyingChanges finish>Complete fail>Failed",
  Complete: "",
  Failed: "",
};

/** What an event carries besides its name must stand in the status afterwards. */
function withoutName({ state: _state, ...rest }: SessionStatus): object {
  return rest;
}

for (const state of sessionStates) {
  const allowed = new Map(
    cells[state].split(" ").filter((cell) => cell !== "").map((cell) => {
      const [event, next] = cell.split(">");
      return [event!, next!];
    }),
  );
  for (const event of Object.values(events)) {
    const next = allowed.get(event.type);
    Deno.test(`advanceSession() ${next === undefined ? "refuses" : "takes"} ${event.type} in ${state}`, () => {
      const outcome = advanceSession(statuses[state], event);
      if (next === undefined) {
        const error = { status: 409, state, event: event.type, allowed: [...allowed.keys()] } as const;
        assert(!outcome.ok);
        assertEquals<unknown>(outcome.error, error);
        const text = describeProtocolError(outcome.error);
        assert(text.includes(state) && text.includes(event.type), text);
      } else {
        assert(outcome.ok);
        assertEquals(outcome.value.state, next as SessionState);
        const { type: _type, ...carried } = event;
        assertEquals(withoutName(outcome.value), carried);
      }
    });
  }
}

Deno.test("the table has a row for every state, in the order in which they come", () => {
  assertEquals([...sessionStates], Object.keys(statuses));
  assertEquals(Object.keys(sessionTable), Object.keys(cells));
});

Deno.test("isFinal() is true of the states that take nothing", () => {
  assertEquals(sessionStates.filter(isFinal), ["Complete", "Failed"]);
});

Deno.test("a run of the native client and a session file by file both find their way through the table", () => {
  const walks: readonly (readonly SessionEventType[])[] = [
    ["compare", "request_metadata", "receive_metadata", "transfer", "apply", "finish"],
    ["compare", "finish"],
    ["compare", "resolve", "transfer", "apply", "transfer", "apply", "resolve", "apply", "transfer", "finish"],
    ["compare", "request_metadata", "compare", "transfer", "compare", "apply", "finish"],
    ["compare", "transfer", "fail"],
  ];
  for (const walk of walks) {
    let status: SessionStatus = statuses.Idle;
    for (const type of walk) {
      const next = advanceSession(status, events[type]);
      assert(next.ok, `${status.state} refuses ${type}`);
      status = next.value;
    }
    assert(isFinal(status.state));
  }
});
