import { emptyHash, err, type Hash, ok, type Result, sha256 } from "../core/mod.ts";
import { type EventJson, eventToJson } from "./event_json.ts";
import type { DfsEvent } from "./event_types.ts";

/** One record of the audit journal. */
export interface AuditRecord {
  /** Counts up by one from record to record, from 1. */
  readonly sequence: number;
  /** SHA-256 of the line before it, or of nothing before the first: a line cannot be altered or taken out unnoticed. */
  readonly previous: Hash;
  /** What happened: who did it stands in the event's `detail`, as `client`, `session`, `address` or `tokenId`. */
  readonly event: EventJson;
}

/** Where a chain of records stands. */
export interface AuditChain {
  /** The number of the last record; 0 before the first. */
  readonly sequence: number;
  /** SHA-256 of the last line. */
  readonly hash: Hash;
}

const encoder = new TextEncoder();

/** The chain before its first record. */
export const emptyAuditChain: AuditChain = { sequence: 0, hash: emptyHash };

/** Writes the next record of a chain: the line, and where the chain stands after it. */
export function appendAudit(chain: AuditChain, event: DfsEvent): { readonly line: string; readonly chain: AuditChain } {
  const sequence = chain.sequence + 1;
  const record: AuditRecord = { sequence, previous: chain.hash, event: eventToJson(event) };
  const line = JSON.stringify(record);
  return { line, chain: { sequence, hash: hashLine(line) } };
}

/**
 * Reads where the chain stands after a line, without looking at those before it.
 *
 * @returns The chain; or one sentence that says why the line is no record.
 */
export function auditChainAfter(line: string): Result<AuditChain, string> {
  const head = /^\{"sequence":([1-9][0-9]{0,15}),"previous":"[0-9a-f]{64}","event":\{.*\}\}$/.exec(line);
  const sequence = Number(head?.[1]);
  return Number.isSafeInteger(sequence)
    ? ok({ sequence, hash: hashLine(line) })
    : err("Not a record of an audit journal");
}

/**
 * Checks the lines of a whole journal: each is a record, numbered without a hole, and names the line before it.
 *
 * @returns Where the chain stands; or the first sentence that says what is wrong, with the number of the line.
 *
 * @example
 * ```ts
 * import { verifyAudit } from "./audit_chain.ts";
 * import { assertEquals } from "@std/assert";
 * assertEquals(verifyAudit(["forged"]).ok, false);
 * ```
 */
export function verifyAudit(lines: Iterable<string>): Result<AuditChain, string> {
  let chain = emptyAuditChain;
  let number = 0;
  for (const line of lines) {
    number++;
    const after = auditChainAfter(line);
    if (!after.ok) return err(`Line ${number}: ${after.error}`);
    if (after.value.sequence !== chain.sequence + 1) {
      return err(`Line ${number}: Record ${after.value.sequence} follows record ${chain.sequence}`);
    }
    if (!line.startsWith(`{"sequence":${after.value.sequence},"previous":"${chain.hash}",`)) {
      return err(`Line ${number}: The line before it was altered`);
    }
    chain = after.value;
  }
  return ok(chain);
}

function hashLine(line: string): Hash {
  return sha256(encoder.encode(line));
}
