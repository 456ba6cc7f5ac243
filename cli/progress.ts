import { format as formatBytes } from "@std/fmt/bytes";
import type { ProgressListener } from "../lib/client/mod.ts";

/** Nothing is shown before this long. */
const quietMs = 1000;
/** The line is written anew at most this often. */
const intervalMs = 100;

const phases: Record<Parameters<ProgressListener["phase"]>[0], string> = {
  scan: "Looking at the folder",
  compare: "Comparing with the server",
  transfer: "Transferring",
  commit: "Committing",
  apply: "Putting files in their place",
  remember: "Remembering what was done",
};

/** Shows on a terminal what a long run is at: files, bytes, rate and time left, on one line. */
export class TerminalProgress implements ProgressListener, Disposable {
  readonly #name: string;
  readonly #shown: boolean = Deno.stderr.isTerminal();
  readonly #startedMs = performance.now();
  #phase: string = phases.scan;
  #phaseStartedMs = this.#startedMs;
  #total: { readonly files: number; readonly bytes: number } | undefined;
  #files = 0;
  #bytes = 0;
  #writtenMs = 0;
  #visible = false;

  /** @param name What the line begins with. */
  constructor(name: string) {
    this.#name = name;
  }

  phase(phase: Parameters<ProgressListener["phase"]>[0]): void {
    this.#phase = phases[phase];
    this.#phaseStartedMs = performance.now();
    this.#total = undefined;
    this.#files = 0;
    this.#bytes = 0;
    this.#show();
  }

  expect(total: { readonly files: number; readonly bytes: number }): void {
    this.#total = total;
    this.#show();
  }

  advance(done: { readonly files?: number; readonly bytes?: number }): void {
    this.#files += done.files ?? 0;
    this.#bytes += done.bytes ?? 0;
    this.#show();
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#visible) Deno.stderr.writeSync(encoder.encode("\r\x1b[K"));
    this.#visible = false;
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #show(): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (now - this.#startedMs < quietMs || now - this.#writtenMs < intervalMs) return;
    this.#writtenMs = now;
    this.#visible = true;
    Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${this.#name}: ${this.#phase}${this.#detail(now)}`));
  }

  #detail(now: number): string {
    if (this.#total === undefined) return "";
    const { files, bytes } = this.#total;
    const seconds = Math.max(0.001, (now - this.#phaseStartedMs) / 1000);
    const rate = this.#bytes / seconds;
    const left = rate > 0 ? Math.ceil(Math.max(0, bytes - this.#bytes) / rate) : undefined;
    const count = this.#files > 0 ? `${this.#files} of ${files} files, ` : `${files} files, `;
    const time = left === undefined ? "" : `, ${formatSeconds(left)} left`;
    return `: ${count}${formatBytes(this.#bytes)} of ${formatBytes(bytes)}, ${formatBytes(rate)}/s${time}`;
  }
}

const encoder = new TextEncoder();

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}
