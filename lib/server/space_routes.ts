import { encodeRecordBatches, type MetadataRecord, metadataType, type RecordError } from "../metadata/binary/mod.ts";
import { decodeContent, HttpError, type HttpResponse, json, type Router } from "../network/mod.ts";
import type { SyncService } from "../sync/service/mod.ts";
import { SuspectRequest } from "./suspect_request.ts";
import { existingSpace, numberInQuery, pathInQuery, spaceName } from "./request_values.ts";

/** The most bytes a commit may have, unpacked. */
const commitBytesMax: number = 1024 * 1024 * 1024;

/**
 * Adds the bulk path of metadata:
 *
 * - `GET /api/spaces`: all spaces; `GET /api/spaces/:space`: where one stands; `PUT`: makes it exist.
 * - `GET /api/spaces/:space/entries`: everything in it; `GET .../changes?since=N`: what became of it since revision N;
 *   `GET .../list?path=P`: what lies in a directory. All in the binary form of metadata.
 * - `POST /api/spaces/:space/commits`: a commit in the binary form; 409 names the paths that changed meanwhile, 422 tells
 *   that chunks are missing.
 */
export function addSpaceRoutes(router: Router, service: SyncService): void {
  router.get("/api/spaces", async () => json({ spaces: await service.spaces() }));

  router.get("/api/spaces/:space", async (_request, { space }) => json(await existingSpace(service, space)));

  router.put("/api/spaces/:space", async (_request, { space }) => json(await service.createSpace(spaceName(space))));

  router.get("/api/spaces/:space/entries", async (_request, { space }) => {
    return records(service.snapshot(await existingSpace(service, space)));
  });

  router.get("/api/spaces/:space/changes", async (request, { space }) => {
    const since = numberInQuery(request, "since");
    return records(service.changes(await existingSpace(service, space), since));
  });

  router.get("/api/spaces/:space/list", async (request, { space }) => {
    await existingSpace(service, space);
    const path = pathInQuery(request);
    const directory = path === "" ? undefined : await service.get(space, path);
    if (path !== "" && directory?.entry.kind !== "directory") {
      throw new HttpError(404, `There is no folder ${JSON.stringify(path)} in the space ${JSON.stringify(space)}`);
    }
    return records(service.listing(space, path));
  });

  router.post("/api/spaces/:space/commits", async (request, { space }) => {
    const receipt = await service.commit(spaceName(space), decodeContent(request, { max: commitBytesMax }));
    if (receipt.ok) return json(receipt.value);
    const { error } = receipt;
    switch (error.reason) {
      case "bad_stream":
        throw badStream(error.error);
      case "missing_chunks":
        throw new HttpError(422, `${error.hashes.length} chunks of the commit are not stored`, {
          extensions: { missing: error.hashes.slice(0, 1000) },
        });
      case "no_space":
        throw new HttpError(404, `There is no space ${JSON.stringify(space)}`);
      case "changed_meanwhile":
        throw new HttpError(409, `${error.paths.length} paths of the commit changed since its base`, {
          extensions: { head: error.head, paths: error.paths.slice(0, 1000) },
        });
      case "not_a_tree":
        throw new HttpError(400, "The commit would leave entries outside of any folder", {
          extensions: { paths: error.paths.slice(0, 1000) },
        });
    }
  });
}

function badStream({ code, message }: RecordError): HttpError {
  // A stream that ends early is a connection that broke, one of a newer schema comes from a newer client.
  const suspect = code === "malformed" || code === "corrupt";
  return suspect ? new SuspectRequest("bad_commit", 400, message) : new HttpError(400, message);
}

function records(batches: AsyncIterable<MetadataRecord[]>): HttpResponse {
  return { status: 200, headers: { "Content-Type": metadataType }, body: encodeRecordBatches(batches) };
}
