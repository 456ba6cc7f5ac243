import { frameHeadBytesMax, readFrameHead } from "./frame.ts";
import type { FramePlace } from "./pack_index.ts";
import type { PackReader } from "./pack_reader.ts";

/** The length of each chunk of a frame, by the frame's head alone; none if the head cannot be read. */
export async function frameLengths(place: FramePlace, reader: PackReader): Promise<readonly number[]> {
  const bytes = await reader.read({ ...place, length: Math.min(place.length, frameHeadBytesMax) });
  const head = readFrameHead(bytes);
  return head.ok ? head.value.lengths : [];
}
