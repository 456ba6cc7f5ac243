import { Failure, platformFailure } from "../core/mod.ts";
import type { TlsFiles } from "../network/mod.ts";

/**
 * Makes sure that a server could show a certificate, before anything is opened for it.
 *
 * @throws {Failure} if a file cannot be read, or the two are not a certificate and its key.
 */
export function checkTlsFiles({ certFile, keyFile }: TlsFiles): void {
  const cert = readText(certFile, "the certificate");
  const key = readText(keyFile, "the key of the certificate");
  try {
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }).close();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("usage", `"${certFile}" and "${keyFile}" are not a certificate and its key: ${reason}`, {
      hint: "Both are PEM files; the certificate may be followed by those that vouch for it",
      cause,
    });
  }
}

/** What a client is told to trust, as `HttpClient` takes it. */
export interface TrustOptions {
  readonly caCerts?: readonly string[];
}

/**
 * Reads the certificates that a client trusts beside the system's; none if there is no file.
 *
 * @throws {Failure} if the file cannot be read or holds no certificate.
 */
export function readTrust(caCertFile: string | undefined): TrustOptions {
  if (caCertFile === undefined) return {};
  const text = readText(caCertFile, "the certificate to trust");
  if (text.includes("-----BEGIN CERTIFICATE-----")) return { caCerts: [text] };
  throw new Failure("usage", `"${caCertFile}" holds no certificate`, {
    hint: "Give the PEM file of the server's certificate, or of who vouches for it",
  });
}

function readText(path: string, what: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw platformFailure(`read ${what} "${path}"`, cause);
  }
}
