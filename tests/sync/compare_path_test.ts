import { assertEquals } from "@std/assert";
import { comparePath, type PathAction } from "../../lib/sync/compare_path.ts";

const [changed, unchanged] = [false, true];
const local = (version: number, unchanged = false) => ({ version, unchanged });
const server = (version: number, held = 0, equal = false) => ({ version, held, equal });

const cases: readonly (readonly [string, Parameters<typeof comparePath>[0], PathAction])[] = [
  ["new on the client", { local: local(0), server: undefined }, "upload"],
  ["deleted on the server, unchanged on the client", { local: local(2, unchanged), server: undefined }, "delete_local"],
  ["deleted on the server, changed on the client", { local: local(2, changed), server: undefined }, "upload"],
  ["new on the server", { local: undefined, server: server(1) }, "download"],
  ["deleted on the client, which held it", { local: undefined, server: server(3, 3) }, "delete_remote"],
  ["deleted on the client, changed on the server", { local: undefined, server: server(4, 3) }, "download"],
  ["equal, of one version", { local: local(2), server: server(2, 0, true) }, "same"],
  ["equal, each of its own making", { local: local(0), server: server(5, 0, true) }, "same"],
  ["changed on the client", { local: local(2, changed), server: server(2) }, "upload"],
  ["changed on the server", { local: local(2, unchanged), server: server(3) }, "download"],
  ["changed on the client, which tells no version but held it", { local: local(0), server: server(3, 3) }, "upload"],
  ["changed on the server since the client held it", { local: local(0, unchanged), server: server(3, 2) }, "download"],
  ["changed on both since the client held it", { local: local(0, changed), server: server(3, 2) }, "conflict"],
  ["changed on both", { local: local(2, changed), server: server(3) }, "conflict"],
  ["each of its own making", { local: local(0), server: server(1) }, "conflict"],
  ["a version that the server never had", { local: local(9), server: server(3) }, "conflict"],
];

for (const [what, paths, action] of cases) {
  Deno.test(`comparePath() of a path that is ${what}: ${action}`, () => assertEquals(comparePath(paths), action));
}
