import { encodeRecordBatches, type MetadataRecord, metadataType } from "../metadata/binary/mod.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Router } from "../network/mod.ts";
import { rootPath, type SafePath } from "../core/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { existingSpace, hashesInBody, safePath, spaceName } from "./request_values.ts";

/** The most directories that one request may name. */
const directoriesMax = 4096;
/** The longest list of directories in bytes: each may have the longest path there is. */
const directoriesBytesMax: number = directoriesMax * 4200;

/**
 * Adds the descent along the hashes of directories, by which a client that lost its state finds where it differs:
 *
 * - `POST /api/spaces/:space/directories` with `{"directories": ["", "docs"]}`: what lies in them, in the binary form of
 *   metadata; the record of each directory has the Merkle hash of what lies in it.
 * - `POST /api/spaces/:space/manifests`: 32 bytes a content; answered with the chunk lists of those that have one.
 */
export function addTreeRoutes(router: Router, service: SyncService): void {
  router.post("/api/spaces/:space/directories", async (request, { space }) => {
    const head = await existingSpace(service, space);
    return records(service.directories(head, await directoriesInBody(request)));
  });

  router.post("/api/spaces/:space/manifests", async (request, { space }) => {
    spaceName(space);
    return records(service.manifests(await hashesInBody(request)));
  });
}

async function directoriesInBody(request: HttpRequest): Promise<SafePath[]> {
  const data = await request.body.json({ max: directoriesBytesMax });
  const list: unknown = typeof data === "object" && data !== null && "directories" in data
    ? data.directories
    : undefined;
  if (!Array.isArray(list) || list.length > directoriesMax) {
    throw new HttpError(400, `The body needs "directories", a list of at most ${directoriesMax} paths`);
  }
  return list.map((path: unknown) => {
    if (typeof path !== "string") throw new HttpError(400, `Not a path: ${JSON.stringify(path)}`);
    return path === "" ? rootPath : safePath(path);
  });
}

function records(batches: AsyncIterable<MetadataRecord[]>): HttpResponse {
  return { status: 200, headers: { "Content-Type": metadataType }, body: encodeRecordBatches(batches) };
}
