/** What the flusher says itself, in the place of threads that cannot. */
import {
  EndReason,
  EventKind,
  MAIN_TASK,
  MarkLevel,
  NO_LOCK,
  NO_SITE,
  ROW_WORDS,
  TraceBuilder,
  WIDE_VALUE,
  writeRow,
  writeWideRow,
} from "@lockscope/trace";

/** The main thread's last rows: that a signal has ended the program. */
export function lastWord(signal: number): Int32Array {
  const words = new Int32Array(2 * ROW_WORDS);
  writeWideRow(words, 0, 0, WIDE_VALUE, NO_SITE, signal);
  writeRow(words, ROW_WORDS, 0, EventKind.programEnd, EndReason.signal, NO_SITE, MAIN_TASK, NO_LOCK);
  return words;
}

/**
 * All that a thread has to say that is there for this alone.
 * @param time milliseconds since the program's time origin
 */
export function warning(thread: number, time: number, text: string): Uint8Array<ArrayBuffer>[] {
  const builder = new TraceBuilder({ thread: thread & 0xffff });
  builder.time = time;
  const value = builder.definitions.string(text);
  builder.row({ kind: EventKind.mark, arg: MarkLevel.warning, value });
  builder.flush({ last: true });
  return builder.batches;
}
