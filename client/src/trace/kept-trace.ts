import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { StreamReader } from "@lockscope/trace";
import { TraceSession } from "./session.js";

/** Of a longer trace only the name is kept: writing it would keep the window from closing. */
const MAX_KEPT_BYTES = 128 * 1024 * 1024;
const EXTENSION = ".locktrace";

const BROKEN = "The window was reloaded while the program ran: its trace ends there.";
const TOO_LONG = "The window was reloaded, and this trace was too long to be kept.";

/**
 * The trace on show, kept for the window's next life: when a window is reloaded, everything in the extension's memory
 * is gone.
 */
export class KeptTrace {
  /** @param folder the extension's own for this workspace; without one nothing is kept */
  constructor(
    private readonly folder: string | undefined,
    private readonly limit = MAX_KEPT_BYTES,
  ) {}

  /**
   * Writes it at once, not some time later: the editor gives a window that closes little time.
   * @throws {Error} what the file system says
   */
  keep(session: TraceSession): void {
    if (this.folder === undefined) return;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const file = openSync(join(this.folder, session.id + EXTENSION), "wx", 0o600);
    try {
      const whole = session.bytes <= this.limit;
      for (const part of session.fileParts()) {
        writeAll(file, part);
        if (!whole) return; // after the first line, which has the name
      }
    } finally {
      closeSync(file);
    }
  }

  /**
   * What was kept, as a session that has ended, with the id that it had; undefined if there is nothing. Once.
   * @throws {Error} what the file system says
   */
  async take(): Promise<TraceSession | undefined> {
    if (this.folder === undefined) return undefined;
    const names = await readdir(this.folder).catch((): string[] => []); // nothing was ever kept
    const name = names.find((each) => each.endsWith(EXTENSION));
    if (name === undefined) return undefined;
    const bytes = await readFile(join(this.folder, name));
    await rm(this.folder, { recursive: true });
    const reader = new StreamReader();
    const batches = reader.push(bytes);
    if (reader.prelude === undefined) return undefined;
    const session = new TraceSession(basename(name, EXTENSION), reader, reader.prelude);
    session.append(batches);
    session.close(batches.length === 0 ? TOO_LONG : BROKEN);
    return session;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
