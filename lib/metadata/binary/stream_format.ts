import { chunkRefBytes, fileChunksMax } from "../manifest.ts";

/**
 * The binary form of metadata, as it travels and as it is exported.
 *
 * ```
 * stream    = magic schema record* end
 * magic     = "DFSM"                       4 bytes
 * schema    = 1                            1 byte
 * record    = type length payload          varint, varint, `length` bytes
 * end       = 0 count check                varint, varint, 4 bytes little-endian
 * count     = number of records before
 * check     = CRC-32 of everything before `check`
 *
 * directory = path                         the folder of the names that follow; the root at the start
 * entry     = kind name mode fields version revision [rest | tree]
 *   file      fields = size mtime content  varint, signed varint, 32 bytes; `rest` (varint) may follow: the nanoseconds
 *                                          after the milliseconds of `mtime`, left out where they are 0
 *   directory fields = nothing             `tree` (32 bytes) may follow
 *   symlink   fields = target              string; mode is 0
 * deletion  = name version revision
 * manifest  = content against delta        32 bytes, 32 bytes, the rest
 * head      = revision root                varint, 32 bytes
 * commit    = id client base               string, string, varint
 * metadata  = a block of entries           see `metadata_block.ts`
 * ```
 *
 * A reader passes over records of unknown type and over bytes left in a payload, so that later schemas can add to both.
 */
export const streamMagic = 0x4d534644;
/** The schema this program writes; it reads this one and all before. */
export const streamSchema = 1;
/** The longest payload of one record in bytes: the chunk list of the largest file. */
export const recordBytesMax: number = 512 * 1024 * 1024;

if (fileChunksMax * chunkRefBytes + 1024 > recordBytesMax) {
  throw new RangeError("The chunk list of the largest file must fit into one record");
}

/** What a record's type is on the wire. */
export const recordType = {
  end: 0,
  directory: 1,
  entry: 2,
  deletion: 3,
  manifest: 4,
  head: 5,
  commit: 6,
  metadata: 7,
} as const;

/** What an entry's kind is on the wire. */
export const entryKind = { file: 1, directory: 2, symlink: 3 } as const;

/** The media type of a stream. */
export const metadataType = "application/vnd.dfs.metadata";
