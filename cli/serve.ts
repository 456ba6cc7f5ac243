import { Failure } from "../lib/core/mod.ts";
import { openServer } from "../lib/app/server.ts";
import { serverNames, type TlsFiles } from "../lib/network/mod.ts";
import { type Command, exitCodes, type Invocation } from "./command.ts";
import { parseDuration } from "./duration.ts";
import { write, writeBug, writeError } from "./output.ts";
import { SignalWatch } from "./signals.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/** `dfs serve` */
export const serve: Command = {
  name: "serve",
  summary: "Serve spaces to clients",
  operands: "",
  operandsMax: 0,
  options: {
    host: { value: "ADDRESS", help: "Listen on this address (127.0.0.1)" },
    port: { value: "NUMBER", help: "Listen on this port, 0 for a free one (8080)" },
    "data-dir": { value: "DIR", help: "Keep everything in this folder (./dfs-data)" },
    "tls-cert": { value: "FILE", help: "Serve HTTPS with this certificate, PEM; read again when it changes" },
    "tls-key": { value: "FILE", help: "The private key of the certificate, PEM" },
    server: { value: "NAME", help: `How connections are served: ${serverNames.join(", ")} (async)` },
    workers: { value: "N", help: "How many workers the pool server has (one a core)" },
    "log-level": { value: "LEVEL", help: `Log from this level on: ${levels.join(", ")} (warn; info to a file)` },
    "log-format": { value: "FORMAT", help: "Log as text, for people, or as json, one object a line (text)" },
    "log-file": { value: "FILE", help: "Log to this file, which is rotated, instead of standard error" },
    "gc-interval": { value: "TIME", help: "Remove what no version names this often: 12h, 1d; 0 for never (1d)" },
    examples: { help: "Add the example routes: /, /hello, /info, /echo, /headers, /users/:id/posts/:postId" },
    "allow-host": { value: "NAMES", help: "Also answer under these host names, separated by commas" },
    "unsafe-no-auth": { help: "Let every machine that reaches this one read and write everything" },
  },
  async run(invocation) {
    const hostname = invocation.text("host") ?? "127.0.0.1";
    if (!isLoopback(hostname) && !invocation.flag("unsafe-no-auth")) {
      throw new Failure("refused", `Whoever reaches ${hostname} could read and write everything`, {
        hint: "Listen on 127.0.0.1, or accept that with --unsafe-no-auth",
      });
    }
    const server = serverNames.find((name) => name === (invocation.text("server") ?? "async"));
    if (server === undefined) {
      throw new Failure("usage", `There is no server "${invocation.text("server")}"`, {
        hint: `Choose one of ${serverNames.join(", ")}`,
      });
    }
    using signals = new SignalWatch();
    const running = await openServer({
      hostname,
      port: invocation.integer("port", { min: 0, max: 65535 }) ?? 8080,
      tls: tlsFiles(invocation),
      dataFolder: invocation.text("data-dir") ?? "./dfs-data",
      server,
      workers: invocation.integer("workers", { min: 1, max: 256 }),
      collectionIntervalMs: parseDuration(invocation.text("gc-interval") ?? "1d", "gc-interval") || undefined,
      onError: writeBug,
      examples: invocation.flag("examples"),
      hosts: invocation.text("allow-host")?.split(",") ?? [],
      log: {
        level: oneOf(invocation, "log-level", levels),
        format: oneOf(invocation, "log-format", ["text", "json"] as const),
        file: invocation.text("log-file"),
      },
    });
    write(`dfs listening on ${running.url}`);
    const signal = await signals.received;
    writeError(`${signal}: finishing what is in flight`);
    await running.shutdown(signal);
    return exitCodes.done;
  },
};

/** The files of the certificate, if there is one to be served with. */
function tlsFiles(invocation: Invocation): TlsFiles | undefined {
  const [certFile, keyFile] = [invocation.text("tls-cert"), invocation.text("tls-key")];
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  throw new Failure("usage", "A certificate and its key go together", { hint: "Give both --tls-cert and --tls-key" });
}

/** The value of an option that is one of a few words. */
function oneOf<Word extends string>(invocation: Invocation, name: string, words: readonly Word[]): Word | undefined {
  const text = invocation.text(name);
  const word = words.find((word) => word === text);
  if (word !== undefined || text === undefined) return word;
  throw new Failure("usage", `--${name} takes ${words.join(", ")}, got "${text}"`);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
