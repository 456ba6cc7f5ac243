import { systemTicker, type Ticker } from "../ticker.ts";
import type { ListenAddress, ListenOptions } from "./http_server.ts";
import { acceptSockets, type Certificate, openListener, readCertificate, type SocketListener } from "./listener.ts";

/** What a {@linkcode ReloadingListener} works with. */
export interface ReloadingListenerOptions extends ListenOptions {
  /** Takes each socket; the next is accepted when its promise settles. */
  readonly onSocket: (socket: Deno.TcpConn | Deno.TlsConn) => Promise<void> | void;
  /** Whether other listeners of this process share the port. */
  readonly reusePort?: boolean;
  /** Told of a certificate that cannot be used; the one before stays. */
  readonly onError?: (error: unknown) => void;
  /** Time for looking at the files. */
  readonly ticker?: Ticker;
}

/** How often the certificate files are looked at. */
const tlsCheckMs = 5_000;

/**
 * A listener that takes up a changed certificate by opening a second listener at the same port and closing the first;
 * connections that are open stay. Where ports cannot be shared (anywhere but on Linux) the first is closed before.
 */
export class ReloadingListener {
  readonly #options: ReloadingListenerOptions;
  readonly #sharesPort: boolean;
  readonly #accepting = new Map<SocketListener, Promise<void>>();
  #listener: SocketListener | undefined;
  #timer: Disposable | undefined;
  #certificate: Certificate | undefined;
  #checking: Promise<void> | undefined;
  #closed = false;

  constructor(options: ReloadingListenerOptions) {
    this.#options = options;
    this.#sharesPort = options.reusePort ?? (options.tls !== undefined && Deno.build.os === "linux");
  }

  /** Begins to listen; throws what the platform throws. */
  async open(): Promise<ListenAddress> {
    const { hostname, port, tls, ticker = systemTicker } = this.#options;
    if (tls) {
      this.#certificate = await readCertificate(tls);
      this.#timer = ticker.every(tlsCheckMs, () => void this.reload());
    }
    const listener = this.#open(port);
    this.#accept(listener);
    return { hostname, port: port === 0 ? listener.addr.port : port };
  }

  /** Looks at the certificate files and takes them up if they have changed. Never rejects. */
  reload(): Promise<void> {
    return this.#checking ??= this.#reload().finally(() => this.#checking = undefined);
  }

  /** Stops listening, and waits until no socket is being taken any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.#checking;
    this.#listener?.close();
    await Promise.all(this.#accepting.values());
  }

  async #reload(): Promise<void> {
    const { tls, onError } = this.#options;
    const before = this.#listener;
    if (!tls || !before) return;
    try {
      const certificate = await readCertificate(tls);
      if (isSame(certificate, this.#certificate) || this.#closed) return;
      this.#certificate = certificate;
      const { port } = before.addr;
      if (!this.#sharesPort) await this.#retire(before);
      this.#accept(this.#open(port));
      if (this.#sharesPort) await this.#retire(before);
    } catch (error) {
      onError?.(error);
    }
  }

  #open(port: number): SocketListener {
    const { hostname } = this.#options;
    return openListener({ hostname, port, certificate: this.#certificate, reusePort: this.#sharesPort });
  }

  #accept(listener: SocketListener): void {
    this.#listener = listener;
    const accepting = acceptSockets(listener, this.#options.onSocket);
    this.#accepting.set(listener, accepting);
    void accepting.then(() => this.#accepting.delete(listener));
  }

  /** Closes a listener, and waits until the system leads no connection to it any more: an accept holds it open. */
  async #retire(listener: SocketListener): Promise<void> {
    listener.close();
    await this.#accepting.get(listener);
  }
}

/** Times of files are too coarse to tell two certificates apart; the text is short. */
function isSame(certificate: Certificate, other: Certificate | undefined): boolean {
  return certificate.cert === other?.cert && certificate.key === other.key;
}
