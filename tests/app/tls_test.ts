import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { openConnection } from "../../lib/app/client.ts";
import { openServer, type RunningServer } from "../../lib/app/server.ts";
import { checkTlsFiles, readTrust } from "../../lib/app/tls.ts";
import { push } from "../../lib/client/mod.ts";
import { Failure, systemClock } from "../../lib/core/mod.ts";
import { type ServerName, serverNames } from "../../lib/network/mod.ts";
import { TempFolder } from "../support/temp_folder.ts";

const fixture = (name: string) => fromFileUrl(new URL(`../network/fixtures/${name}`, import.meta.url));
const certFile = fixture("localhost_cert.pem");
const keyFile = fixture("localhost_key.pem");

function serve(temp: TempFolder, server: ServerName): Promise<RunningServer> {
  const dataFolder = `${temp.path}/data`;
  return openServer({
    hostname: "localhost",
    port: 0,
    dataFolder,
    server,
    workers: 2,
    tls: { certFile, keyFile },
    onError: () => {},
  });
}

for (const server of serverNames) {
  Deno.test(`the ${server} server is pushed to over TLS by who trusts its certificate`, async () => {
    await using temp = await TempFolder.make();
    await using running = await serve(temp, server);
    assertEquals(new URL(running.url).protocol, "https:");
    using connection = openConnection(temp.folder("here", { a: "1" }), { remote: running.url, caCert: certFile });
    const report = await push(connection.workspace, connection.remote, { clock: systemClock });
    assert(report.synchronized);
    using stranger = openConnection(temp.folder("there"), { remote: running.url });
    const options = { clock: systemClock };
    const failure = await assertRejects(() => push(stranger.workspace, stranger.remote, options), Failure);
    assertEquals([failure.kind, failure.hint?.includes("--ca-cert")], ["unreachable", true]);
  });
}

Deno.test("openServer() and openConnection() refuse a certificate before they make anything", async () => {
  await using temp = await TempFolder.make();
  const tls = { certFile: `${temp.path}/none.pem`, keyFile };
  const options = { hostname: "localhost", port: 0, dataFolder: `${temp.path}/data`, server: "async", tls } as const;
  const missing = await assertRejects(() => openServer({ ...options, onError: () => {} }), Failure, "none.pem");
  assertEquals(missing.kind, "not_found");
  const here = temp.folder("here");
  assertThrows(
    () => openConnection(here, { remote: "https://localhost:1", caCert: tls.certFile }),
    Failure,
    "none",
  );
  assertEquals([[...Deno.readDirSync(here)], [...Deno.readDirSync(temp.path)].length], [[], 1]);
});

Deno.test("checkTlsFiles() says which files are not a certificate and its key", () => {
  checkTlsFiles({ certFile, keyFile });
  const wrong = [{ certFile, keyFile: fixture("renewed_key.pem") }, { certFile, keyFile: certFile }, {
    certFile: keyFile,
    keyFile,
  }];
  for (const files of wrong) {
    const failure = assertThrows(() => checkTlsFiles(files), Failure);
    assertStringIncludes(failure.message, `"${files.certFile}" and "${files.keyFile}"`);
  }
});

Deno.test("readTrust() takes certificates and nothing else", () => {
  assertEquals(readTrust(undefined), {});
  assertEquals(readTrust(certFile), { caCerts: [Deno.readTextFileSync(certFile)] });
  assertThrows(() => readTrust(keyFile), Failure, "holds no certificate");
});
