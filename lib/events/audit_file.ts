import { Failure, platformFailure } from "../core/mod.ts";
import { type AuditChain, auditChainAfter, emptyAuditChain } from "./audit_chain.ts";

/** Where the audit journal is kept. */
export interface AuditStore {
  /** Where the chain stood when the store was opened. */
  readonly chain: AuditChain;
  /** Adds lines, each with its end; they are durable when it returns, or none of them is there when it rejects. */
  append(lines: string): Promise<void>;
  /** Ends the writing. */
  close(): void;
}

/** The longest record that is looked for at the end of a file, in bytes. */
export const auditRecordBytesMax = 1024 * 1024;

const encoder = new TextEncoder();

/** Keeps the audit journal in a file, one record a line. Only its owner may read it. */
export class AuditFile implements AuditStore {
  readonly chain: AuditChain;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #size: number;

  private constructor(path: string, file: Deno.FsFile, end: { readonly chain: AuditChain; readonly size: number }) {
    this.#path = path;
    this.#file = file;
    this.chain = end.chain;
    this.#size = end.size;
  }

  /**
   * Opens a journal, to write behind what it holds. A last line that a crash cut short was never acknowledged and is
   * removed. Throws a `Failure` if the platform cannot open it, or if it does not end with a record.
   */
  static async open(path: string): Promise<AuditFile> {
    const file = await openForAppend(path);
    try {
      const end = await readEnd(path, file);
      await file.truncate(end.size);
      return new AuditFile(path, file, end);
    } catch (cause) {
      file.close();
      throw platformFailure(`read "${path}"`, cause);
    }
  }

  async append(lines: string): Promise<void> {
    const bytes = encoder.encode(lines);
    try {
      for (let done = 0; done < bytes.length;) done += await this.#file.write(bytes.subarray(done));
      await this.#file.syncData();
      this.#size += bytes.length;
    } catch (cause) {
      await this.#file.truncate(this.#size);
      throw platformFailure(`write "${this.#path}"`, cause);
    }
  }

  close(): void {
    this.#file.close();
  }
}

async function openForAppend(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { read: true, append: true, create: true, mode: 0o600 });
  } catch (cause) {
    throw platformFailure(`open "${path}"`, cause);
  }
}

async function readEnd(path: string, file: Deno.FsFile): Promise<{ chain: AuditChain; size: number }> {
  const { size } = await file.stat();
  const start = Math.max(0, size - auditRecordBytesMax);
  const tail = await readFrom(file, start, size - start);
  const lastEnd = tail.lastIndexOf(0x0a);
  if (lastEnd < 0) {
    if (start > 0) throw notAJournal(path);
    return { chain: emptyAuditChain, size: 0 };
  }
  const lineStart = lastEnd === 0 ? 0 : tail.lastIndexOf(0x0a, lastEnd - 1) + 1;
  const chain = auditChainAfter(new TextDecoder().decode(tail.subarray(lineStart, lastEnd)));
  if (!chain.ok) throw notAJournal(path);
  return { chain: chain.value, size: start + lastEnd + 1 };
}

async function readFrom(file: Deno.FsFile, start: number, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  await file.seek(start, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < count) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

function notAJournal(path: string): Failure {
  return new Failure("corrupt", `"${path}" does not end with a record of an audit journal`, {
    hint: "Move the file away and keep it; a new one is begun",
  });
}
