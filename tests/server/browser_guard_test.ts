import { assertEquals } from "@std/assert";
import { createServer, text, wrapHandler } from "../../lib/network/mod.ts";
import { browserGuard } from "../../lib/server/browser_guard.ts";

/** The status a guarded server gives to a request with these header fields. */
async function statusOf(fields: readonly string[]): Promise<number> {
  const handler = wrapHandler(() => text("ok"), [browserGuard(["nas.local"])]);
  await using server = createServer("async", { handler });
  const { hostname, port } = await server.listen({ hostname: "127.0.0.1", port: 0 });
  using connection = await Deno.connect({ hostname, port });
  const head = ["POST / HTTP/1.1", ...fields, "Content-Length: 0", "Connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(head));
  const reply = await new Response(connection.readable).text();
  return Number(reply.slice(9, 12));
}

const cases: readonly (readonly [what: string, fields: readonly string[], status: number])[] = [
  ["an address with a port", ["Host: 127.0.0.1:8080"], 200],
  ["an IPv6 address", ["Host: [::1]:8080"], 200],
  ["localhost", ["Host: localhost"], 200],
  ["a name that was allowed, in any case", ["Host: NAS.local:8080"], 200],
  ["a page of its own", ["Host: localhost:8080", "Origin: http://localhost:8080"], 200],
  ["a name that another DNS server may have pointed here", ["Host: evil.test"], 421],
  ["a name that begins as an address does", ["Host: 127.0.0.1.evil.test"], 421],
  ["a page of another site", ["Host: 127.0.0.1:8080", "Origin: https://evil.test"], 403],
  ["a page on another port of this machine", ["Host: 127.0.0.1:8080", "Origin: http://127.0.0.1:9090"], 403],
  ["a page without an origin to show", ["Host: 127.0.0.1:8080", "Origin: null"], 403],
  ["a form of another site", ["Host: 127.0.0.1:8080", "Sec-Fetch-Site: cross-site"], 403],
];

for (const [what, fields, status] of cases) {
  Deno.test(`browserGuard() answers ${status} to ${what}`, async () => {
    assertEquals(await statusOf(fields), status);
  });
}
