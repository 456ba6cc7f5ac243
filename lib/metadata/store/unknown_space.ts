import { Failure } from "../../core/mod.ts";

/** What a reading method rejects with when it is asked for a space that there is not. */
export function unknownSpace(space: string): Failure {
  return new Failure("not_found", `There is no space ${JSON.stringify(space)}`);
}
