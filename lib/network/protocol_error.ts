import { err, type Result } from "../core/mod.ts";

/** Why bytes are not the message they should be, with the status that tells the peer (RFC 9110 section 15.5). */
export interface ProtocolError {
  /** 400 to 599. */
  readonly status: number;
  /** One sentence for people, without bytes of the peer. */
  readonly detail: string;
}

/** Makes a failed result of a {@linkcode ProtocolError}. */
export function protocolError(status: number, detail: string): Result<never, ProtocolError> {
  return err({ status, detail });
}
