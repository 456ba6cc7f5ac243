import { before, type HttpRequest, type Middleware } from "../network/mod.ts";
import { SuspectRequest } from "./suspect_request.ts";

/** An IPv4 or IPv6 address, or `localhost`, with or without a port: names that no foreign DNS server can point here. */
const addressPattern = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])(:\d+)?$/i;

/**
 * Keeps web pages of other sites from using a browser on this machine to reach the server: a request that a page of
 * another origin makes is refused (403), and so is one for a name that is not this server's (421), since that name may
 * belong to a page whose DNS entry was changed to point here ("DNS rebinding").
 *
 * @param hosts Names under which the server is reached, beside `localhost` and addresses.
 */
export function browserGuard(hosts: readonly string[]): Middleware {
  const names = new Set(hosts.map((name) => name.toLowerCase()));
  return before((request) => {
    const host = (request.headers.get("host") ?? "").toLowerCase();
    if (!addressPattern.test(host) && !names.has(host.replace(/:\d+$/, ""))) {
      throw new SuspectRequest("foreign_host", 421, `This server is not known as ${JSON.stringify(host)}`, {
        extensions: { hint: "Reach it by its address, or start it with --allow-host NAME" },
      });
    }
    if (isForeign(request, host)) {
      throw new SuspectRequest("foreign_page", 403, "Pages of other sites may not use this server");
    }
    return undefined;
  });
}

function isForeign(request: HttpRequest, host: string): boolean {
  const origin = request.headers.get("origin");
  if (origin === undefined) return request.headers.get("sec-fetch-site") === "cross-site";
  return URL.parse(origin)?.host.toLowerCase() !== host;
}
