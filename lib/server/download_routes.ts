import type { ContentSource } from "../network/mod.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Router, serveContent } from "../network/mod.ts";
import type { SyncService, WantedFile } from "../sync/service/mod.ts";
import { numberInQuery, safePath, spaceName } from "./request_values.ts";

/** The space that is meant where none is named. */
const defaultSpace = "default";

/**
 * Adds `GET /api/file/download/<path>`: the bytes of a file, whole or in ranges, of now or of an earlier `?version=N`, in
 * `?space=NAME`.
 */
export function addDownloadRoutes(router: Router, service: SyncService): void {
  router.get("/api/file/download/*path", (request, { path }) => download(request, service, path));
}

async function download(request: HttpRequest, service: SyncService, text: string): Promise<HttpResponse> {
  const space = spaceName(request.query.get("space") ?? defaultSpace);
  const path = safePath(text);
  const version = request.query.has("version") ? numberInQuery(request, "version") : undefined;
  const entry = version === undefined
    ? (await service.get(space, path))?.entry
    : (await service.history(space, path)).find((record) => record.version === version)?.entry;
  if (entry?.kind !== "file") {
    const which = version === undefined ? "" : ` of version ${version}`;
    throw new HttpError(404, `There is no file ${JSON.stringify(path)}${which} in the space ${JSON.stringify(space)}`);
  }
  return serveContent(request, {
    body: sourceOf(service, { space, path, file: entry }),
    // Whatever a user stored is never run by a browser as a page of this server.
    contentType: "application/octet-stream",
    etag: `"${entry.content}"`,
    lastModified: new Date(entry.mtimeMs),
    headers: { "Content-Disposition": attachment(path.slice(path.lastIndexOf("/") + 1)), ...inert },
  });
}

/** Header fields that keep a browser from making anything of user content. */
const inert = { "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox" };

function sourceOf(service: SyncService, wanted: WantedFile): ContentSource {
  return {
    length: wanted.file.size,
    slice: (offset, length) => service.download(wanted, offset, offset + length),
  };
}

/** `Content-Disposition` with a name of any characters (RFC 6266, RFC 8187). */
function attachment(name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename*=UTF-8''${encoded}`;
}
