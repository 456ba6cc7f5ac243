import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { ReloadingListener } from "../../../lib/network/server/reloading_listener.ts";

const fixture = (name: string) => fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));

/** Whether a TLS server at a port shows a certificate that the given one vouches for. */
async function shows(port: number, certificate: string): Promise<boolean> {
  const caCerts = [await Deno.readTextFile(fixture(certificate))];
  try {
    using connection = await Deno.connectTls({ hostname: "localhost", port, caCerts });
    await connection.handshake();
    return true;
  } catch {
    return false;
  }
}

Deno.test("ReloadingListener takes up a changed certificate, and keeps the old one when the new is none", async () => {
  const folder = await Deno.makeTempDir();
  const tls = { certFile: `${folder}/cert.pem`, keyFile: `${folder}/key.pem` };
  const install = async (name: string) => {
    await Deno.copyFile(fixture(`${name}_cert.pem`), tls.certFile);
    await Deno.copyFile(fixture(`${name}_key.pem`), tls.keyFile);
  };
  await install("localhost");
  const errors: unknown[] = [];
  const listener = new ReloadingListener({
    hostname: "127.0.0.1",
    port: 0,
    tls,
    onError: (error) => errors.push(error),
    onSocket: async (socket) => {
      await (socket as Deno.TlsConn).handshake().catch(() => {});
      socket.close();
    },
  });
  const { port } = await listener.open();
  try {
    assertEquals(await shows(port, "localhost_cert.pem"), true);
    await install("renewed");
    await listener.reload();
    assertEquals([await shows(port, "renewed_cert.pem"), await shows(port, "localhost_cert.pem")], [true, false]);
    await Deno.writeTextFile(tls.certFile, "no certificate");
    await listener.reload();
    assertEquals([errors.length, await shows(port, "renewed_cert.pem")], [1, true]);
  } finally {
    await listener.close();
    await Deno.remove(folder, { recursive: true });
  }
});
