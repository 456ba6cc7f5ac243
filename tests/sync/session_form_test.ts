import { assertEquals } from "@std/assert";
import { decodeStatus, encodeStatus, type SessionStatus } from "../../lib/sync/mod.ts";

const statuses: readonly SessionStatus[] = [
  { state: "Idle" },
  { state: "ComputingDiff" },
  { state: "RequestingMetadata" },
  { state: "TransferringFiles", uploads: 3, downloads: 4 },
  { state: "ResolvingConflicts", conflicts: 2 },
  { state: "ApplyingChanges" },
  { state: "Complete", revision: 7 },
  { state: "Failed", error: "The disk is full" },
];

Deno.test("decodeStatus() reads what encodeStatus() wrote", () => {
  for (const status of statuses) {
    const { state, data } = encodeStatus(status);
    assertEquals(decodeStatus(state, new Map(Object.entries(JSON.parse(data)))), status);
  }
});

Deno.test("decodeStatus() takes what is missing for nothing, and no state that there is not", () => {
  assertEquals(decodeStatus("TransferringFiles", new Map()), { state: "TransferringFiles", uploads: 0, downloads: 0 });
  assertEquals(decodeStatus("Complete", new Map([["revision", "7"]])), { state: "Complete", revision: 0 });
  assertEquals(decodeStatus("Failed", new Map()), { state: "Failed", error: "For an unknown reason" });
  assertEquals(decodeStatus("Sleeping", new Map()), undefined);
});
