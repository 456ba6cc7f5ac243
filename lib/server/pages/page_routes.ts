import { format as formatBytes } from "@std/fmt/bytes";
import { joinPath, parentPath, rootPath, type SafePath } from "../../core/mod.ts";
import type { SpaceHead, StoredEntry, VersionRecord } from "../../metadata/mod.ts";
import { HttpError, type HttpResponse, type Router } from "../../network/mod.ts";
import type { SyncService } from "../../sync/service/mod.ts";
import { existingSpace, pathInQuery } from "../request_values.ts";
import { type Markup, markup } from "./markup.ts";
import { page, style, stylePath } from "./page.ts";

/**
 * Adds pages to look around with a browser: `/ui/` shows the spaces, `/ui/browse/:space?path=P` a folder, and
 * `/ui/history/:space?path=P` the versions of a path.
 */
export function addPageRoutes(router: Router, service: SyncService): void {
  router.get(stylePath, () => ({ status: 200, headers: { "Content-Type": "text/css; charset=utf-8" }, body: style }));

  router.get("/ui/", async () => overview(await service.spaces()));

  router.get("/ui/browse/:space", async (request, { space }) => {
    const head = await existingSpace(service, space);
    const path = pathInQuery(request);
    const directory = path === rootPath ? undefined : await service.get(space, path);
    if (path !== rootPath && directory?.entry.kind !== "directory") {
      throw new HttpError(404, `There is no folder "${path}"`);
    }
    return folder(head, path, await service.list(space, path));
  });

  router.get("/ui/history/:space", async (request, { space }) => {
    const head = await existingSpace(service, space);
    const path = pathInQuery(request);
    return history(head, path, await service.history(space, path));
  });
}

function overview(spaces: readonly SpaceHead[]): HttpResponse {
  const rows = spaces.map((head) =>
    markup`<tr><td><a href="${browseLink(head.space, rootPath)}">${head.space}</a></td>
<td class="number">${head.revision}</td><td class="number">${head.files}</td>
<td class="number">${formatBytes(head.bytes)}</td><td>${head.revision === 0 ? "" : time(head.committedAtMs)}</td></tr>`
  );
  return page(
    "Spaces",
    markup`<h1>Spaces</h1>
<table><thead><tr><th>Name</th><th class="number">Revision</th><th class="number">Files</th><th class="number">Size</th>
<th>Last change</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function folder(head: SpaceHead, path: SafePath, entries: readonly StoredEntry[]): HttpResponse {
  const rows = entries.map((stored) => folderRow(head.space, stored));
  const up = path === rootPath
    ? markup``
    : markup`<tr><td><a href="${browseLink(head.space, parentPath(path))}">..</a></td><td></td><td></td><td></td></tr>`;
  return page(
    `${head.space}/${path}`,
    markup`<h1>${trail(head.space, path)}</h1>
<p class="quiet">Revision ${head.revision}, root hash <code>${head.root}</code></p>
<table><thead><tr><th>Name</th><th class="number">Size</th><th>Modified</th><th class="number">Version</th></tr></thead>
<tbody>${up}${rows}</tbody></table>`,
  );
}

function folderRow(space: string, { path, entry, version }: StoredEntry): Markup {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const versions = markup`<a href="${link("history", space, path)}">${version}</a>`;
  switch (entry.kind) {
    case "directory":
      return markup`<tr><td><a href="${browseLink(space, path)}">${name}/</a></td><td></td><td></td>
<td class="number">${versions}</td></tr>`;
    case "symlink":
      return markup`<tr><td>${name} <span class="quiet">-&gt; ${entry.target}</span></td><td></td><td></td>
<td class="number">${versions}</td></tr>`;
    case "file":
      return markup`<tr><td><a href="${downloadLink(space, path)}">${name}</a></td>
<td class="number">${formatBytes(entry.size)}</td><td>${
        time(entry.mtimeMs)
      }</td><td class="number">${versions}</td></tr>`;
  }
}

function history(head: SpaceHead, path: SafePath, versions: readonly VersionRecord[]): HttpResponse {
  const rows = versions.map(({ version, revision, entry, client, committedAtMs }) => {
    const number = entry?.kind === "file"
      ? markup`<a href="${downloadLink(head.space, path, version)}">${version}</a>`
      : markup`${version}`;
    const what = entry?.kind === "file" ? formatBytes(entry.size) : entry?.kind ?? "deleted";
    return markup`<tr><td class="number">${number}</td><td class="number">${revision}</td><td>${what}</td>
<td>${client}</td><td>${time(committedAtMs)}</td></tr>`;
  });
  return page(
    path,
    markup`<h1>${trail(head.space, path)}</h1>
<table><thead><tr><th class="number">Version</th><th class="number">Revision</th><th>What</th><th>From</th><th>When</th></tr>
</thead><tbody>${rows}</tbody></table>`,
  );
}

/** The path as links to the folders on the way. */
function trail(space: string, path: SafePath): Markup {
  const links: Markup[] = [markup`<a href="${browseLink(space, rootPath)}">${space}</a>`];
  let folder: SafePath = rootPath;
  for (const name of path === rootPath ? [] : path.split("/")) {
    folder = joinPath(folder, name);
    links.push(folder === path ? markup` / ${name}` : markup` / <a href="${browseLink(space, folder)}">${name}</a>`);
  }
  return markup`${links}`;
}

function browseLink(space: string, path: SafePath): string {
  return link("browse", space, path);
}

function link(kind: "browse" | "history", space: string, path: SafePath): string {
  const query = path === rootPath ? "" : `?path=${encodeURIComponent(path)}`;
  return `/ui/${kind}/${encodeURIComponent(space)}${query}`;
}

function downloadLink(space: string, path: SafePath, version?: number): string {
  const of = version === undefined ? "" : `&version=${version}`;
  return `/api/file/download/${path.split("/").map(encodeURIComponent).join("/")}?space=${
    encodeURIComponent(space)
  }${of}`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
