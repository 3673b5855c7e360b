import { open } from "node:fs/promises";
import { StreamReader, TraceFollower, TraceFormatError } from "@lockscope/trace";

/** How often a file that still grows is looked at. */
const INTERVAL_MS = 100;
const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a trace file, and those that are added to it, until the program that writes it has ended. What
 * somebody else puts in its place is not followed.
 *
 * @param signal ends it early; it is then not heard of again
 */
export async function* followFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  await using file = await open(path);
  const watch = new EndWatch();
  for (let position = 0; !signal.aborted; ) {
    // Asked before the file is read: what was written before the program ended is then sure to be seen.
    const over = watch.over;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position);
    if (bytesRead > 0) {
      position += bytesRead;
      const piece = buffer.subarray(0, bytesRead);
      watch.read(piece);
      yield piece;
    } else if (over) return;
    else await pause(signal);
  }
}

/** Looks at a trace as it goes by, for whether more of it is to come. */
class EndWatch {
  readonly #reader = new StreamReader();
  readonly #follower = new TraceFollower();
  #damaged = false;

  read(piece: Uint8Array): void {
    if (this.#damaged) return;
    try {
      for (const batch of this.#reader.push(piece)) this.#follower.append(batch);
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      this.#damaged = true; // Whoever reads the bytes is told the same.
    }
  }

  get over(): boolean {
    if (this.#damaged || this.#follower.end !== undefined) return true;
    const { prelude } = this.#reader;
    return prelude !== undefined && !isAlive(prelude.pid);
  }
}

/** Whether a process of this number runs here: most likely the one that writes the trace. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, INTERVAL_MS);
    signal.addEventListener("abort", done);
  });
}
