import { type EntryKind, entryKinds, type SyncStatus, syncStatuses } from "../file_metadata.ts";

/**
 * How a record of type `metadata` lies in the stream: a block of entries, column by column where that pays, so that a
 * reader turns all names into one string and all hashes into another, and cuts both.
 *
 * ```
 * metadata = count strings names hashes row* [rests]
 *                                                count varint, from 1 to 1024
 * strings  = n length* text                      varint, n varints in UTF-16 units, string: every text that comes more
 *                                                than once, folders, owners, nodes and targets of links
 * names    = text                                string: the last names of all paths, one behind the other
 * hashes   = n digests                           varint, 32 bytes each, those of the files that have one
 * row      = flags folder length mode size time version [owner] n replica* [target]
 *   flags    1 byte: kind (bits 0-1), has a hash (2), has an owner (3), status (4-6), time before 1970 (7)
 *   folder   varint, index of a string
 *   length   varint, of the name in UTF-16 units
 *   time     varint, milliseconds from 1970
 *   owner    varint, index of a string
 *   replica  = node version                      varint, index of a string; varint
 *   target   varint, index of a string; links only
 * rests    = rest*                               varints, one a row: the nanoseconds after its milliseconds; left out
 *                                                where all are 0
 * ```
 *
 * A reader passes over bytes behind the rests; one that knows of no rests passes over these.
 *
 * Each block stands for itself: whoever reads one needs no other.
 */
export const blockEntriesMax = 1024;

/** The longest payload of a block in bytes; a writer ends a block long before. */
export const blockBytesMax: number = 16 * 1024 * 1024;

/** How many texts the entries of one block may have before a writer ends it, in UTF-16 units. */
export const blockTextMax: number = 1024 * 1024;

/** The most replicas of one entry. */
export const replicasMax = 65_536;

/** The bits of a row's flags. */
export const blockFlags = {
  kind: 0b11,
  hash: 0b100,
  owner: 0b1000,
  statusShift: 4,
  status: 0b111,
  before1970: 0b1000_0000,
};

/** The code of each kind: its place in `entryKinds`. */
export const kindCodes: { readonly [kind in EntryKind]: number } = codesOf(entryKinds);

/** The code of each status: its place in `syncStatuses`. */
export const statusCodes: { readonly [status in SyncStatus]: number } = codesOf(syncStatuses);

function codesOf<Word extends string>(words: readonly Word[]): { readonly [word in Word]: number } {
  return Object.fromEntries(words.map((word, code) => [word, code])) as { [word in Word]: number };
}
